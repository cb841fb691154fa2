import { boolean, count, NO_OPTIONS, optional, size2d, toSize2d, unlessDefault } from '../attributes.ts';
import { kernelAndBias } from '../layer-weights.ts';
import type { OpBase, Operator } from '../operator.ts';
import { channelsOf, emptyValue } from '../reference-value.ts';
import { countElements, type Padding, type Shape, type Size2d, type ValueId } from '../values.ts';
import { forEachPixel, imageSizes, inferWindow, windowAttributes } from '../window.ts';
import type { ConvOptions } from './conv2d.ts';

/**
 * Convolution of each channel on its own; weight `[kh, kw, c * depthMultiplier]`, bias `[c * depthMultiplier]`. Output channel
 * `i` is of input channel `floor(i / depthMultiplier)`.
 *
 * @shapes `[n, h, w, c]` to `[n, oh, ow, c * depthMultiplier]`
 */
export interface DepthwiseConv2dOp extends OpBase {
  readonly op: 'depthwiseConv2d';
  readonly kernelSize: Size2d;
  readonly strides: Size2d;
  readonly padding: Padding;
  readonly useBias: boolean;
  /** Distance of the window's pixels; absent for 1. */
  readonly dilation?: Size2d;
  /** Output channels per input channel; absent for 1. */
  readonly depthMultiplier?: number;
}

/** Options of {@link DepthwiseConv2dMethods.depthwiseConv2d}. */
export interface DepthwiseConv2dOptions extends ConvOptions {
  /** Output channels per input channel; default 1. */
  readonly depthMultiplier?: number;
}

/** Methods of `GraphBuilder`. */
export interface DepthwiseConv2dMethods {
  /** Convolution of each channel on its own. */
  depthwiseConv2d(x: ValueId, options: DepthwiseConv2dOptions): ValueId;
}

export const depthwiseConv2d: Operator<DepthwiseConv2dOp, DepthwiseConv2dMethods> = {
  op: 'depthwiseConv2d',
  attributes: { ...windowAttributes, useBias: boolean, dilation: optional(size2d), depthMultiplier: optional(count) },
  lastArgument: 'options',
  methods: {
    depthwiseConv2d: (
      writer,
      x,
      { kernelSize, strides = 1, padding = 'same', useBias = true, dilation = 1, depthMultiplier = 1, ...unknown } = NO_OPTIONS,
    ) =>
      writer.add<DepthwiseConv2dOp>(
        {
          op: 'depthwiseConv2d',
          inputs: [x],
          kernelSize: toSize2d(kernelSize),
          strides: toSize2d(strides),
          padding,
          useBias,
          dilation: unlessDefault(toSize2d(dilation), [1, 1]),
          depthMultiplier: unlessDefault(depthMultiplier, 1),
        },
        unknown,
      ),
  },
  infer(op, [x], fail) {
    const image = imageSizes(x, fail);
    return [[image[0], ...inferWindow(op, image, fail), image[3] * (op.depthMultiplier ?? 1)]];
  },
  weights(op, [input]) {
    const channels = (input?.[3] as number) * (op.depthMultiplier ?? 1);
    return kernelAndBias([...op.kernelSize, channels], channels, op.useBias, op.kernelSize[0] * op.kernelSize[1]);
  },
  multiplyAdds: (op, _, [output]) => countElements(output as Shape) * op.kernelSize[0] * op.kernelSize[1],
  flops: (op, inputs, outputs) =>
    2 * depthwiseConv2d.multiplyAdds!(op, inputs, outputs) + (op.useBias ? countElements(outputs[0] as Shape) : 0),
  compute(op, { inputs: [x], shapes: [shape], weights, implement }) {
    const output = emptyValue(shape!);
    const channels = channelsOf(output);
    const multiplier = op.depthMultiplier ?? 1;
    const kernel = weights.kernel!.data;
    forEachPixel(op, x!, output, implement, (out, each) => {
      if (weights.bias) output.data.set(weights.bias.data, out);
      each((pixel, tap) => {
        for (let c = 0; c < channels; c++) {
          output.data[out + c]! += x!.data[pixel + Math.floor(c / multiplier)]! * kernel[tap * channels + c]!;
        }
      });
    });
    return [output];
  },
  edges: {
    'depthwiseConv2d with two filters per channel': (g) => g.depthwiseConv2d(g.input([2, 5, 5, 3]), { kernelSize: 3, depthMultiplier: 2 }),
    'depthwiseConv2d, dilated': (g) => g.depthwiseConv2d(g.input([1, 9, 9, 4]), { kernelSize: 3, dilation: 2 }),
    'depthwiseConv2d, dilated with a step': (g) => g.depthwiseConv2d(g.input([1, 9, 9, 4]), { kernelSize: 3, dilation: 2, strides: 2 }),
    'depthwiseConv2d of a sequence': (g) => g.depthwiseConv2d(g.input([1, 1, 9, 4]), { kernelSize: [1, 5] }),
    'depthwiseConv2d of patches': (g) => g.depthwiseConv2d(g.input([1, 8, 8, 3]), { kernelSize: 2, strides: 2, padding: 'valid' }),
  },
};
