import { boolean, count, NO_OPTIONS, toSize2d } from '../attributes.ts';
import { kernelAndBias } from '../layer-weights.ts';
import type { OpBase, Operator } from '../operator.ts';
import { channelsOf, emptyValue } from '../reference-value.ts';
import { resolveTransposedPadding, transposedOutputSize } from '../transposed-padding.ts';
import { countElements, type Padding, type Shape, type Size2d, type ValueId } from '../values.ts';
import { imageSizes, type WindowOptions, windowAttributes } from '../window.ts';

/**
 * Transposed convolution: every input pixel adds its window to the output; weight `[kh, kw, cin, filters]`, bias `[filters]`.
 *
 * @shapes `[n, h, w, c]` to `[n, oh, ow, filters]`, `oh = h * stride` with `same`, `(h - 1) * stride + kernel` with `valid`
 */
export interface TransposedConv2dOp extends OpBase {
  readonly op: 'transposedConv2d';
  readonly filters: number;
  readonly kernelSize: Size2d;
  readonly strides: Size2d;
  /** Explicit pixels are cut off the result. */
  readonly padding: Padding;
  readonly useBias: boolean;
}

/** Options of {@link TransposedConv2dMethods.transposedConv2d}. */
export interface TransposedConv2dOptions extends WindowOptions {
  /** Add a trained number per filter; default true. */
  readonly useBias?: boolean;
}

/** Methods of `GraphBuilder`. */
export interface TransposedConv2dMethods {
  /** Transposed convolution, which makes images larger; explicit `padding` is cut off its result. */
  transposedConv2d(x: ValueId, filters: number, options: TransposedConv2dOptions): ValueId;
}

export const transposedConv2d: Operator<TransposedConv2dOp, TransposedConv2dMethods> = {
  op: 'transposedConv2d',
  attributes: { filters: count, ...windowAttributes, useBias: boolean },
  lastArgument: 'options',
  methods: {
    transposedConv2d: (writer, x, filters, { kernelSize, strides = 1, padding = 'same', useBias = true, ...unknown } = NO_OPTIONS) =>
      writer.add<TransposedConv2dOp>(
        {
          op: 'transposedConv2d',
          inputs: [x],
          filters,
          kernelSize: toSize2d(kernelSize),
          strides: toSize2d(strides),
          padding,
          useBias,
        },
        unknown,
      ),
  },
  infer(op, [x], fail) {
    const [n, h, w] = imageSizes(x, fail);
    const [oh, ow] = transposedOutputSize(op.padding, [h, w], op.kernelSize, op.strides);
    if (oh < 1 || ow < 1) fail('has padding that cuts off its whole result');
    return [[n, oh, ow, op.filters]];
  },
  weights(op, [x]) {
    const c = x!.at(-1) as number;
    const taps = Math.max(1, (op.kernelSize[0] * op.kernelSize[1]) / (op.strides[0] * op.strides[1]));
    return kernelAndBias([...op.kernelSize, c, op.filters], op.filters, op.useBias, c * taps);
  },
  multiplyAdds: (op, [input]) => countElements(input as Shape) * op.kernelSize[0] * op.kernelSize[1] * op.filters,
  flops: (op, inputs, outputs) =>
    2 * transposedConv2d.multiplyAdds!(op, inputs, outputs) + (op.useBias ? countElements(outputs[0] as Shape) : 0),
  compute(op, { inputs: [image], shapes: [shape], weights, implement }) {
    const [n, h, w] = image!.shape as readonly [number, number, number];
    const [, oh, ow] = shape as readonly number[] as readonly [number, number, number];
    const [kh, kw] = op.kernelSize;
    const { top, left } = resolveTransposedPadding(op.padding, implement, op.kernelSize, op.strides);
    const channels = channelsOf(image!);
    const output = emptyValue(shape!);
    const kernel = weights.kernel!.data;
    for (let at = 0; weights.bias && at < output.data.length; at += op.filters) output.data.set(weights.bias.data, at);
    for (let pixel = 0; pixel < n * h * w; pixel++) {
      const [batch, y, x] = [Math.floor(pixel / (h * w)), Math.floor(pixel / w) % h, pixel % w];
      for (let tap = 0; tap < kh * kw; tap++) {
        const oy = y * op.strides[0] + Math.floor(tap / kw) - top;
        const ox = x * op.strides[1] + (tap % kw) - left;
        if (oy < 0 || oy >= oh || ox < 0 || ox >= ow) continue;
        for (let c = 0; c < channels; c++) {
          const value = image!.data[pixel * channels + c]!;
          for (let filter = 0; filter < op.filters; filter++) {
            output.data[((batch * oh + oy) * ow + ox) * op.filters + filter]! +=
              value * kernel[(tap * channels + c) * op.filters + filter]!;
          }
        }
      }
    }
    return [output];
  },
  edges: {
    'transposedConv2d to twice the size': (g) => g.transposedConv2d(g.input([2, 3, 4, 3]), 4, { kernelSize: 2, strides: 2 }),
    'transposedConv2d with an odd window': (g) => g.transposedConv2d(g.input([1, 4, 4, 3]), 5, { kernelSize: 3, strides: 2 }),
    'transposedConv2d with a wide window': (g) =>
      g.transposedConv2d(g.input([1, 3, 3, 2]), 3, { kernelSize: 5, strides: 2, useBias: false }),
    'transposedConv2d with stride 1': (g) => g.transposedConv2d(g.input([1, 4, 3, 2]), 3, { kernelSize: 3 }),
    'transposedConv2d, valid, not square': (g) =>
      g.transposedConv2d(g.input([1, 3, 2, 2]), 3, { kernelSize: [3, 2], strides: [2, 1], padding: 'valid' }),
    'transposedConv2d with explicit padding': (g) =>
      g.transposedConv2d(g.input([1, 4, 4, 2]), 3, { kernelSize: 4, strides: 2, padding: { top: 1, bottom: 1, left: 1, right: 1 } }),
    'transposedConv2d with a window smaller than its stride': (g) =>
      g.transposedConv2d(g.input([1, 3, 3, 2]), 3, { kernelSize: 2, strides: 3 }),
  },
};
