import { NO_OPTIONS, toSize2d } from '../attributes.ts';
import type { OpBase, Operator } from '../operator.ts';
import { channelsOf, emptyValue } from '../reference-value.ts';
import { countElements, type Padding, type Shape, type Size2d, type ValueId } from '../values.ts';
import { forEachPixel, imageSizes, inferPool, type WindowOptions, windowAttributes } from '../window.ts';

/**
 * Maximum of a window; padded pixels never win.
 *
 * @shapes `[n, h, w, c]` to `[n, oh, ow, c]`
 */
export interface MaxPoolOp extends OpBase {
  readonly op: 'maxPool';
  readonly kernelSize: Size2d;
  readonly strides: Size2d;
  readonly padding: Padding;
}

/** Methods of `GraphBuilder`. */
export interface MaxPoolMethods {
  /** Maximum of a window's real pixels. */
  maxPool(x: ValueId, options: WindowOptions): ValueId;
}

export const maxPool: Operator<MaxPoolOp, MaxPoolMethods> = {
  op: 'maxPool',
  attributes: windowAttributes,
  lastArgument: 'options',
  methods: {
    maxPool: (writer, x, { kernelSize, strides = 1, padding = 'same', ...unknown } = NO_OPTIONS) =>
      writer.add<MaxPoolOp>(
        {
          op: 'maxPool',
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
      output.data.fill(Number.NEGATIVE_INFINITY, out, out + channels);
      each((pixel) => {
        for (let c = 0; c < channels; c++) output.data[out + c] = Math.max(output.data[out + c]!, x!.data[pixel + c]!);
      });
    });
    return [output];
  },
  edges: {
    'maxPool with a wide window': (g) => g.maxPool(g.input([1, 5, 9, 3]), { kernelSize: [1, 3], strides: [1, 2] }),
    'maxPool of a sequence': (g) => g.maxPool(g.input([2, 1, 8, 3]), { kernelSize: [1, 2], strides: [1, 2], padding: 'valid' }),
  },
};
