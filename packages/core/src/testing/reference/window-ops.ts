import {
  type Conv2dOp,
  type DepthwiseConv2dOp,
  type Implement,
  type OpWeights,
  type Padding,
  type PoolOp,
  resolvePadding,
  type Shape,
  type Size2d,
} from '../../graph/index.ts';
import { channelsOf, emptyValue, type Value } from './values.ts';

interface WindowOp {
  readonly kernelSize: Size2d;
  readonly strides: Size2d;
  readonly padding: Padding;
}

/** One pixel under a window: offsets of its first channel in the input and of its place in the window. */
type VisitPixel = (inputOffset: number, tap: number) => void;

/** Calls `visit` for the pixels of the input under the window of one output pixel; padded pixels are left out. */
function forEachPixel(
  op: WindowOp,
  x: Value,
  implement: Implement,
  visitOutput: (outputOffset: number, each: (visit: VisitPixel) => void) => void,
  output: Value,
): void {
  const [batches, height, width] = x.shape as readonly [number, number, number];
  const [, outHeight, outWidth] = output.shape as readonly [number, number, number];
  const { top, left } = resolvePadding(op.padding, implement, [height, width], op.kernelSize, op.strides);
  for (let n = 0; n < batches; n++) {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++) {
        visitOutput(((n * outHeight + oy) * outWidth + ox) * channelsOf(output), (visit) => {
          for (let ky = 0; ky < op.kernelSize[0]; ky++) {
            for (let kx = 0; kx < op.kernelSize[1]; kx++) {
              const y = oy * op.strides[0] + ky - top;
              const column = ox * op.strides[1] + kx - left;
              if (y < 0 || y >= height || column < 0 || column >= width) continue;
              visit(((n * height + y) * width + column) * channelsOf(x), ky * op.kernelSize[1] + kx);
            }
          }
        });
      }
    }
  }
}

/** Grouped convolution; weight `[kh, kw, cin / groups, filters]`. */
export function conv2d(op: Conv2dOp, x: Value, weights: OpWeights, shape: Shape, implement: Implement): Value {
  const output = emptyValue(shape);
  const kernel = weights.kernel!.data;
  const groupInputs = channelsOf(x) / op.groups;
  const groupOutputs = op.filters / op.groups;
  forEachPixel(
    op,
    x,
    implement,
    (out, each) => {
      if (weights.bias) output.data.set(weights.bias.data, out);
      each((pixel, tap) => {
        for (let group = 0; group < op.groups; group++) {
          for (let channel = 0; channel < groupInputs; channel++) {
            const value = x.data[pixel + group * groupInputs + channel]!;
            const row = (tap * groupInputs + channel) * op.filters;
            for (let filter = group * groupOutputs; filter < (group + 1) * groupOutputs; filter++) {
              output.data[out + filter]! += value * kernel[row + filter]!;
            }
          }
        }
      });
    },
    output,
  );
  return output;
}

/** Depthwise convolution; weight `[kh, kw, c]`. */
export function depthwiseConv2d(op: DepthwiseConv2dOp, x: Value, weights: OpWeights, shape: Shape, implement: Implement): Value {
  const output = emptyValue(shape);
  const channels = channelsOf(x);
  const kernel = weights.kernel!.data;
  forEachPixel(
    op,
    x,
    implement,
    (out, each) => {
      if (weights.bias) output.data.set(weights.bias.data, out);
      each((pixel, tap) => {
        for (let c = 0; c < channels; c++) output.data[out + c]! += x.data[pixel + c]! * kernel[tap * channels + c]!;
      });
    },
    output,
  );
  return output;
}

/** Maximum over the window's real pixels. */
export function maxPool(op: PoolOp, x: Value, shape: Shape, implement: Implement): Value {
  const output = emptyValue(shape);
  const channels = channelsOf(x);
  forEachPixel(
    op,
    x,
    implement,
    (out, each) => {
      output.data.fill(Number.NEGATIVE_INFINITY, out, out + channels);
      each((pixel) => {
        for (let c = 0; c < channels; c++) output.data[out + c] = Math.max(output.data[out + c]!, x.data[pixel + c]!);
      });
    },
    output,
  );
  return output;
}

/** Mean over the window's real pixels. */
export function avgPool(op: PoolOp, x: Value, shape: Shape, implement: Implement): Value {
  const output = emptyValue(shape);
  const channels = channelsOf(x);
  forEachPixel(
    op,
    x,
    implement,
    (out, each) => {
      let pixels = 0;
      each((pixel) => {
        pixels++;
        for (let c = 0; c < channels; c++) output.data[out + c]! += x.data[pixel + c]!;
      });
      for (let c = 0; c < channels; c++) output.data[out + c]! /= pixels;
    },
    output,
  );
  return output;
}
