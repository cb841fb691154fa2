import type { DrawnTensor } from '@nnm/core';
import type { LazyBytes } from './onnx-schema.ts';

/** Elements that are copied at a time, so that they stay in the first cache on their way into the file. */
const CHUNK = 4096;

/**
 * A kernel in PyTorch's layout, output channels first and the window last: `[kh, kw, cin, filters]` as
 * `[filters, cin, kh, kw]`, `[kh, kw, c]` as `[c, 1, kh, kw]`, `[h * w * c, units]` as `[units, c * h * w]`.
 *
 * @param pixels - of the window: `kh * kw` or `h * w`
 */
export function torchKernel(kernel: DrawnTensor, pixels: number): LazyBytes {
  const perFilter = kernel.length / (kernel.shape.at(-1) as number);
  const channels = perFilter / pixels;
  const isInOrder = pixels === 1 || channels === 1;
  return {
    length: kernel.length * Float32Array.BYTES_PER_ELEMENT,
    write(target) {
      const drawn = new Float32Array(isInOrder ? Math.min(CHUNK, kernel.length) : perFilter);
      const ordered = isInOrder ? drawn : new Float32Array(perFilter);
      const bytes = new Uint8Array(ordered.buffer);
      for (let first = 0; first < kernel.length; first += drawn.length) {
        kernel.copyByFilter(drawn, first);
        if (!isInOrder) transpose(drawn, channels, ordered, 0);
        const at = first * Float32Array.BYTES_PER_ELEMENT;
        target.set(at + bytes.length <= target.length ? bytes : bytes.subarray(0, target.length - at), at);
      }
    },
  };
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
  const size = rows * columns;
  for (let batch = 0; batch < n; batch++) transpose(data.subarray(batch * size, (batch + 1) * size), columns, target, batch * size);
}

/** A matrix with so many columns, transposed into `target` from index `at` on. */
function transpose(data: Float32Array, columns: number, target: Float32Array, at: number): void {
  let to = at;
  for (let column = 0; column < columns; column++) {
    for (let from = column; from < data.length; from += columns) target[to++] = data[from] as number;
  }
}
