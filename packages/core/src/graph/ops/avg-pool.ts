import { NO_OPTIONS, toSize2d } from '../attributes.ts';
import type { OpBase, Operator } from '../operator.ts';
import { channelsOf, emptyValue } from '../reference-value.ts';
import { countElements, type Padding, type Shape, type Size2d, type ValueId } from '../values.ts';
import { forEachPixel, imageSizes, inferPool, type WindowOptions, windowAttributes } from '../window.ts';

/**
 * Mean of a window; padded pixels are not counted.
 *
 * @shapes `[n, h, w, c]` to `[n, oh, ow, c]`
 */
export interface AvgPoolOp extends OpBase {
  readonly op: 'avgPool';
  readonly kernelSize: Size2d;
  readonly strides: Size2d;
  readonly padding: Padding;
}

/** Methods of `GraphBuilder`. */
export interface AvgPoolMethods {
  /** Mean of a window's real pixels. */
  avgPool(x: ValueId, options: WindowOptions): ValueId;
}

export const avgPool: Operator<AvgPoolOp, AvgPoolMethods> = {
  op: 'avgPool',
  attributes: windowAttributes,
  lastArgument: 'options',
  methods: {
    avgPool: (writer, x, { kernelSize, strides = 1, padding = 'same', ...unknown } = NO_OPTIONS) =>
      writer.add<AvgPoolOp>(
        {
          op: 'avgPool',
          inputs: [x],
          kernelSize: toSize2d(kernelSize),
          strides: toSize2d(strides),
          padding,
        },
        unknown,
      ),
  },
  infer(op, [x], fail) {
    const image = imageSizes(x, fail);
    return [[image[0], ...inferPool(op, image, fail), image[3]]];
  },
  flops: (op, _, [output]) => op.kernelSize[0] * op.kernelSize[1] * countElements(output as Shape),
  compute(op, { inputs: [x], shapes: [shape], implement }) {
    const output = emptyValue(shape!);
    const channels = channelsOf(x!);
    forEachPixel(op, x!, output, implement, (out, each) => {
      let pixels = 0;
      each((pixel) => {
        pixels++;
        for (let c = 0; c < channels; c++) output.data[out + c]! += x!.data[pixel + c]!;
      });
      for (let c = 0; c < channels; c++) output.data[out + c]! /= pixels;
    });
    return [output];
  },
  edges: {
    'avgPool with a wide window': (g) => g.avgPool(g.input([1, 5, 9, 3]), { kernelSize: [1, 3], strides: [1, 2] }),
    'avgPool with explicit padding': (g) =>
      g.avgPool(g.input([1, 5, 6, 2]), { kernelSize: 3, strides: 2, padding: { top: 1, bottom: 1, left: 2, right: 0 } }),
    'avgPool of a sequence': (g) => g.avgPool(g.input([2, 1, 8, 3]), { kernelSize: [1, 2], strides: [1, 2], padding: 'valid' }),
  },
};
