import type { Lowering } from '../lowering.ts';
import { poolWindow } from '../pool-window.ts';
import { padImage } from '../window.ts';

/**
 * `AvgPool` leaves the pixels of `SAME` out of account by itself. Explicit pixels are zeros, and the result is multiplied by window size
 * over real pixels.
 */
export const avgPool: Lowering<'avgPool'> = {
  op: 'avgPool',
  support: { runs: 'native', note: 'AvgPool; explicit padding is composed: Pad before it, Mul after it' },
  lower(writer, op) {
    const { attrs, pixels, size } = poolWindow(writer, op);
    if (pixels === undefined) {
      writer.last('AvgPool', [writer.x], attrs);
      return;
    }
    const [, height, width] = writer.outputShape as readonly [number, number, number];
    const rows = realPixels(height, size[0], pixels.top, op.kernelSize[0], op.strides[0]);
    const columns = realPixels(width, size[1], pixels.left, op.kernelSize[1], op.strides[1]);
    const area = op.kernelSize[0] * op.kernelSize[1];
    const factors = Float32Array.from({ length: height * width }, (_, index) => {
      const count = rows[Math.floor(index / width)]! * columns[index % width]!;
      return count === 0 ? 0 : area / count;
    });
    const average = writer.step('AvgPool', [padImage(writer, pixels)], attrs);
    writer.last('Mul', [average, writer.weights('correction', [1, height, width, 1], factors)]);
  },
};

/** Per output position of one dimension, how many real pixels its window covers. */
function realPixels(outputs: number, size: number, before: number, kernel: number, stride: number): readonly number[] {
  return Array.from({ length: outputs }, (_, index) => {
    const start = index * stride - before;
    return Math.max(0, Math.min(size, start + kernel) - Math.max(0, start));
  });
}
