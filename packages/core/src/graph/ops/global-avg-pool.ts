import { boolean } from '../attributes.ts';
import type { OpBase, Operator } from '../operator.ts';
import { emptyValue } from '../reference-value.ts';
import { countElements, type Shape, type ValueId } from '../values.ts';
import { imageSizes } from '../window.ts';

/**
 * Mean over height and width.
 *
 * @shapes `[n, h, w, c]` to `[n, 1, 1, c]` with `keepDims`, else to `[n, c]`
 */
export interface GlobalAvgPoolOp extends OpBase {
  readonly op: 'globalAvgPool';
  readonly keepDims: boolean;
}

/** Methods of `GraphBuilder`. */
export interface GlobalAvgPoolMethods {
  /**
   * Mean over height and width.
   *
   * @param keepDims - true gives `[n, 1, 1, c]`, false (default) `[n, c]`
   */
  globalAvgPool(x: ValueId, keepDims?: boolean): ValueId;
}

export const globalAvgPool: Operator<GlobalAvgPoolOp, GlobalAvgPoolMethods> = {
  op: 'globalAvgPool',
  attributes: { keepDims: boolean },
  lastArgument: 'value',
  methods: {
    globalAvgPool: (writer, x, keepDims = false) => writer.add<GlobalAvgPoolOp>({ op: 'globalAvgPool', inputs: [x], keepDims }),
  },
  infer({ keepDims }, [x], fail) {
    const [n, , , c] = imageSizes(x, fail);
    return [keepDims ? [n, 1, 1, c] : [n, c]];
  },
  flops: (_, [input]) => countElements(input as Shape),
  compute(_, { inputs: [x], shapes: [shape] }) {
    const output = emptyValue(shape!);
    const [, height, width, channels] = x!.shape as readonly [number, number, number, number];
    for (let i = 0; i < x!.data.length; i++) {
      const batch = Math.floor(i / (height * width * channels));
      output.data[batch * channels + (i % channels)]! += x!.data[i]! / (height * width);
    }
    return [output];
  },
  edges: {},
};
