const BLOCK = 32;

/**
 * Transpose `[rows, columns]` to `[columns, rows]`, scaling each column on the way.
 *
 * Takes a kernel `[kh, kw, cin, filters]` to `[filters, kh, kw, cin]`, and `[c, units]` to `[units, c]`. Works in blocks that
 * stay in the first cache: large dense layers would otherwise miss it on every element.
 */
export function transposeWeights(data: Float32Array, columns: number, scale?: Float64Array): Float32Array {
  const rows = data.length / columns;
  const transposed = new Float32Array(data.length);
  for (let row0 = 0; row0 < rows; row0 += BLOCK) {
    const rowEnd = Math.min(rows, row0 + BLOCK);
    for (let column0 = 0; column0 < columns; column0 += BLOCK) {
      const columnEnd = Math.min(columns, column0 + BLOCK);
      for (let column = column0; column < columnEnd; column++) {
        const factor = scale === undefined ? 1 : scale[column]!;
        let to = column * rows + row0;
        for (let row = row0, from = row0 * columns + column; row < rowEnd; row++, from += columns) transposed[to++] = data[from]! * factor;
      }
    }
  }
  return transposed;
}

/** Scale each channel of `[..., channels]`; returns `data` itself when there is nothing to scale. */
export function scaleChannels(data: Float32Array, scale: Float64Array | undefined): Float32Array {
  if (scale === undefined) return data;
  const channels = scale.length;
  const scaled = new Float32Array(data.length);
  for (let start = 0; start < data.length; start += channels) {
    for (let channel = 0; channel < channels; channel++) scaled[start + channel] = data[start + channel]! * scale[channel]!;
  }
  return scaled;
}
