import { boolean, count, NO_OPTIONS, optional, size2d, toSize2d, unlessDefault } from '../attributes.ts';
import { kernelAndBias } from '../layer-weights.ts';
import type { OpBase, Operator } from '../operator.ts';
import { channelsOf, emptyValue } from '../reference-value.ts';
import { countElements, type Padding, type Shape, type Size2d, type ValueId } from '../values.ts';
import { forEachPixel, imageSizes, inferWindow, type WindowOptions, windowAttributes } from '../window.ts';

/**
 * Convolution; weight `[kh, kw, cin / groups, filters]`, bias `[filters]`.
 *
 * @shapes `[n, h, w, c]` to `[n, oh, ow, filters]`
 */
export interface Conv2dOp extends OpBase {
  readonly op: 'conv2d';
  readonly filters: number;
  readonly kernelSize: Size2d;
  readonly strides: Size2d;
  readonly padding: Padding;
  readonly groups: number;
  readonly useBias: boolean;
  /** Distance of the window's pixels; absent for 1. */
  readonly dilation?: Size2d;
}

/** Options of a convolution; sizes may be one number for a square. */
export interface ConvOptions extends WindowOptions {
  /** Add a trained number per filter; default true. */
  readonly useBias?: boolean;
  /** Distance of the window's pixels; default 1. */
  readonly dilation?: number | Size2d;
}

/** Options of {@link Conv2dMethods.conv2d}. */
export interface Conv2dOptions extends ConvOptions {
  /** Parts of the channels that are convolved on their own; default 1. */
  readonly groups?: number;
}

/** Methods of `GraphBuilder`. */
export interface Conv2dMethods {
  /** Convolution. An image of height 1 with a `[1, k]` window is a 1-D convolution. */
  conv2d(x: ValueId, filters: number, options: Conv2dOptions): ValueId;
}

const groupInputs = (op: Conv2dOp, [input]: readonly Shape[]): number => (input?.[3] as number) / op.groups;

export const conv2d: Operator<Conv2dOp, Conv2dMethods> = {
  op: 'conv2d',
  attributes: { filters: count, ...windowAttributes, groups: count, useBias: boolean, dilation: optional(size2d) },
  lastArgument: 'options',
  methods: {
    conv2d: (
      writer,
      x,
      filters,
      { kernelSize, strides = 1, padding = 'same', groups = 1, useBias = true, dilation = 1, ...unknown } = NO_OPTIONS,
    ) =>
      writer.add<Conv2dOp>(
        {
          op: 'conv2d',
          inputs: [x],
          filters,
          kernelSize: toSize2d(kernelSize),
          strides: toSize2d(strides),
          padding,
          groups,
          useBias,
          dilation: unlessDefault(toSize2d(dilation), [1, 1]),
        },
        unknown,
      ),
  },
  infer(op, [x], fail) {
    const image = imageSizes(x, fail);
    const [n, , , c] = image;
    const [oh, ow] = inferWindow(op, image, fail);
    if (c % op.groups !== 0 || op.filters % op.groups !== 0) fail(`cannot split ${c} and ${op.filters} channels into ${op.groups} groups`);
    return [[n, oh, ow, op.filters]];
  },
  weights: (op, inputs) => kernelAndBias([...op.kernelSize, groupInputs(op, inputs), op.filters], op.filters, op.useBias),
  multiplyAdds: (op, inputs, [output]) => countElements(output as Shape) * op.kernelSize[0] * op.kernelSize[1] * groupInputs(op, inputs),
  flops: (op, inputs, outputs) => 2 * conv2d.multiplyAdds!(op, inputs, outputs) + (op.useBias ? countElements(outputs[0] as Shape) : 0),
  compute(op, { inputs: [x], shapes: [shape], weights, implement }) {
    const output = emptyValue(shape!);
    const kernel = weights.kernel!.data;
    const inputsPerGroup = channelsOf(x!) / op.groups;
    const outputsPerGroup = op.filters / op.groups;
    forEachPixel(op, x!, output, implement, (out, each) => {
      if (weights.bias) output.data.set(weights.bias.data, out);
      each((pixel, tap) => {
        for (let group = 0; group < op.groups; group++) {
          for (let channel = 0; channel < inputsPerGroup; channel++) {
            const value = x!.data[pixel + group * inputsPerGroup + channel]!;
            const row = (tap * inputsPerGroup + channel) * op.filters;
            for (let filter = group * outputsPerGroup; filter < (group + 1) * outputsPerGroup; filter++) {
              output.data[out + filter]! += value * kernel[row + filter]!;
            }
          }
        }
      });
    });
    return [output];
  },
  edges: {
    'conv2d, dilated': (g) => g.conv2d(g.input([1, 9, 8, 3]), 4, { kernelSize: 3, dilation: 2 }),
    'conv2d, dilated along one axis, valid': (g) =>
      g.conv2d(g.input([1, 9, 9, 3]), 4, { kernelSize: [3, 2], dilation: [3, 1], padding: 'valid' }),
    'conv2d, dilated and larger than its input': (g) => g.conv2d(g.input([1, 5, 5, 2]), 3, { kernelSize: 3, dilation: 4 }),
    'conv2d, dilated with a step': (g) => g.conv2d(g.input([1, 9, 8, 3]), 4, { kernelSize: 3, dilation: 2, strides: 2 }),
    'conv2d of patches': (g) => g.conv2d(g.input([1, 8, 8, 3]), 5, { kernelSize: 4, strides: 4, padding: 'valid' }),
    'conv2d of a sequence': (g) => g.conv2d(g.input([2, 1, 11, 4]), 6, { kernelSize: [1, 3], strides: [1, 2] }),
    'conv2d with a tall window': (g) => g.conv2d(g.input([1, 9, 4, 3]), 4, { kernelSize: [7, 1] }),
    'conv2d in groups, dilated': (g) => g.conv2d(g.input([1, 7, 7, 4]), 6, { kernelSize: 3, dilation: 2, groups: 2 }),
  },
};
