import type { OpBase, Operator } from '../operator.ts';
import type { ValueId } from '../values.ts';
import { imageSizes } from '../window.ts';

/**
 * All but the batch in one axis, channels fastest, under every framework.
 *
 * @shapes `[n, h, w, c]` to `[n, h * w * c]`
 */
export interface FlattenOp extends OpBase {
  readonly op: 'flatten';
}

/** Methods of `GraphBuilder`. */
export interface FlattenMethods {
  /** An image as a vector, channels fastest. */
  flatten(x: ValueId): ValueId;
}

export const flatten: Operator<FlattenOp, FlattenMethods> = {
  op: 'flatten',
  attributes: {},
  methods: {
    flatten: (writer, x) => writer.add<FlattenOp>({ op: 'flatten', inputs: [x] }),
  },
  infer(_, [x], fail) {
    const [n, h, w, c] = imageSizes(x, fail);
    return [[n, h * w * c]];
  },
  flops: () => 0,
  compute: (_, { inputs: [x], shapes: [shape] }) => [{ shape: shape!, data: x!.data }],
  edges: {},
};
