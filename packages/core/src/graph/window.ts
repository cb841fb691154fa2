import { padding, size2d } from './attributes.ts';
import { sizeProblem } from './limits.ts';
import type { Fail } from './operator.ts';
import { dilatedSize, resolvePadding, windowOutputSize } from './padding.ts';
import { channelsOf, type ReferenceValue } from './reference-value.ts';
import type { Implement, Padding, Shape, Size2d } from './values.ts';

/** A window that moves over an image: of a convolution or pooling. */
export interface Window {
  readonly kernelSize: Size2d;
  readonly strides: Size2d;
  readonly padding: Padding;
  /** Distance of its pixels; absent for 1. */
  readonly dilation?: Size2d;
}

/** What a builder method takes for a window; sizes may be one number for a square. */
export interface WindowOptions {
  /** Height and width of the window. */
  readonly kernelSize: number | Size2d;
  /** Distance of neighbouring windows; default 1. */
  readonly strides?: number | Size2d;
  /** `same` (default), `valid`, or explicit pixels. */
  readonly padding?: Padding;
}

/** Checks of a window's attributes. */
export const windowAttributes = { kernelSize: size2d, strides: size2d, padding };

/** The four sizes of an image. */
export function imageSizes(shape: Shape | undefined, fail: Fail): readonly [n: number, h: number, w: number, c: number] {
  if (shape?.length !== 4) fail(`needs [n, h, w, c], got [${shape?.join(', ')}]`);
  return shape as unknown as readonly [number, number, number, number];
}

/** Height and width of what a window makes of an image. */
export function inferWindow(op: Window, [n, h, w, c]: ReturnType<typeof imageSizes>, fail: Fail): Size2d {
  const kernelSize = dilatedSize(op.kernelSize, op.dilation);
  const { top, bottom, left, right } = resolvePadding(op.padding, 'tensorflow', [h, w], kernelSize, op.strides);
  const problem = sizeProblem([n, h + top + bottom, w + left + right, c]);
  if (problem !== undefined) fail(`needs an image with its padding of ${problem}`);
  const [oh, ow] = windowOutputSize(op.padding, [h, w], kernelSize, op.strides);
  if (oh < 1 || ow < 1) fail(`has a ${kernelSize.join('x')} window that does not fit its ${h}x${w} input`);
  return [oh, ow];
}

/** {@link inferWindow} of a pooling, each of whose windows has to see a pixel: of none there is no mean and no largest. */
export function inferPool(op: Window, image: ReturnType<typeof imageSizes>, fail: Fail): Size2d {
  const outputs = inferWindow(op, image, fail);
  if (typeof op.padding === 'string') return outputs;
  const [, h, w] = image;
  const [height, width] = dilatedSize(op.kernelSize, op.dilation);
  const { top, left } = op.padding;
  const seesPixels = (size: number, before: number, kernel: number, stride: number, count: number): boolean =>
    before < kernel && (count - 1) * stride - before < size;
  if (!seesPixels(h, top, height, op.strides[0], outputs[0]) || !seesPixels(w, left, width, op.strides[1], outputs[1])) {
    fail(`has a ${height}x${width} window that lies in the padding alone at an edge, where there is no pixel to pool`);
  }
  return outputs;
}

/** One pixel under a window: offsets of its first channel in the input and of its place in the window. */
type VisitPixel = (inputOffset: number, tap: number) => void;

/** Calls `visitOutput` for each output pixel, with a function that visits the input's real pixels under the window. */
export function forEachPixel(
  op: Window,
  x: ReferenceValue,
  output: ReferenceValue,
  implement: Implement,
  visitOutput: (outputOffset: number, each: (visit: VisitPixel) => void) => void,
): void {
  const [batches, height, width] = x.shape as readonly [number, number, number];
  const [, outHeight, outWidth] = output.shape as readonly [number, number, number];
  const [dy, dx] = op.dilation ?? [1, 1];
  const { top, left } = resolvePadding(op.padding, implement, [height, width], dilatedSize(op.kernelSize, op.dilation), op.strides);
  for (let n = 0; n < batches; n++) {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++) {
        visitOutput(((n * outHeight + oy) * outWidth + ox) * channelsOf(output), (visit) => {
          for (let ky = 0; ky < op.kernelSize[0]; ky++) {
            for (let kx = 0; kx < op.kernelSize[1]; kx++) {
              const y = oy * op.strides[0] + ky * dy - top;
              const column = ox * op.strides[1] + kx * dx - left;
              if (y < 0 || y >= height || column < 0 || column >= width) continue;
              visit(((n * height + y) * width + column) * channelsOf(x), ky * op.kernelSize[1] + kx);
            }
          }
        });
      }
    }
  }
}
