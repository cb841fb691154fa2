const TILE = 32;

/**
 * Reverse the axes of a 3-D array: `[a, b, c]` to `[c, b, a]`.
 *
 * The one permutation between TensorFlow's weight layouts and PyTorch's: `[kh * kw, cin, filters]` to
 * `[filters, cin, kh * kw]`, `[kh * kw, 1, c]` to `[c, 1, kh * kw]`, `[h * w, c, units]` to `[units, c, h * w]`.
 * Works in tiles, so that both sides stay in the caches.
 */
export function reverseAxes(data: Float32Array, a: number, b: number, c: number): Float32Array {
  const reversed = new Float32Array(data.length);
  for (let j0 = 0; j0 < b; j0 += TILE) {
    const j1 = Math.min(j0 + TILE, b);
    for (let k0 = 0; k0 < c; k0 += TILE) {
      const k1 = Math.min(k0 + TILE, c);
      for (let i = 0; i < a; i++) {
        for (let j = j0; j < j1; j++) {
          const from = (i * b + j) * c;
          for (let k = k0; k < k1; k++) reversed[(k * b + j) * a + i] = data[from + k] as number;
        }
      }
    }
  }
  return reversed;
}

/** `[n, h, w, c]` to `[n, c, h, w]`, into `target`. */
export function toChannelsFirst(data: Float32Array, [n, h, w, c]: readonly number[], target: Float32Array): void {
  transposeBatches(data, n as number, (h as number) * (w as number), c as number, target);
}

/** `[n, c, h, w]` to `[n, h, w, c]`, into `target`. */
export function toChannelsLast(data: Float32Array, [n, c, h, w]: readonly number[], target: Float32Array): void {
  transposeBatches(data, n as number, c as number, (h as number) * (w as number), target);
}

/** `n` matrices of `rows` by `columns`, each transposed. */
function transposeBatches(data: Float32Array, n: number, rows: number, columns: number, target: Float32Array): void {
  for (let batch = 0; batch < n; batch++) {
    const base = batch * rows * columns;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) target[base + column * rows + row] = data[base + row * columns + column] as number;
    }
  }
}
