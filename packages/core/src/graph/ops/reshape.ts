import { integers } from '../attributes.ts';
import type { OpBase, Operator } from '../operator.ts';
import { countElements, type Shape, type ValueId } from '../values.ts';

/**
 * The same elements in the same order, in another shape; one size may be -1, for what is left.
 *
 * @shapes any to `shape`
 */
export interface ReshapeOp extends OpBase {
  readonly op: 'reshape';
  readonly shape: readonly number[];
}

/** Methods of `GraphBuilder`. */
export interface ReshapeMethods {
  /** Another shape for the same elements; one size may be -1. */
  reshape(x: ValueId, shape: Shape): ValueId;
}

export const reshape: Operator<ReshapeOp, ReshapeMethods> = {
  op: 'reshape',
  attributes: { shape: integers },
  methods: { reshape: (writer, x, shape) => writer.add<ReshapeOp>({ op: 'reshape', inputs: [x], shape }) },
  infer({ shape }, [x], fail) {
    const given = countElements(shape.filter((size) => size !== -1));
    const filled = shape.map((size) => (size === -1 ? countElements(x!) / given : size));
    const fits = shape.filter((size) => size === -1).length <= 1 && countElements(filled) === countElements(x!);
    if (!fits || !filled.every(Number.isInteger)) fail(`cannot make [${shape.join(', ')}] of [${x!.join(', ')}]`);
    return [filled];
  },
  flops: () => 0,
  compute: (_, { inputs: [x], shapes: [shape] }) => [{ shape: shape!, data: x!.data }],
  edges: {
    'reshape of an image to a sequence': (g) => g.reshape(g.input([2, 3, 4, 5]), [2, 12, 5]),
    'reshape of a sequence to an image': (g) => g.reshape(g.input([2, 12, 5]), [2, 3, 4, 5]),
    'reshape to heads': (g) => g.reshape(g.input([2, 6, 8]), [2, 6, 2, -1]),
    'reshape to one axis': (g) => g.reshape(g.input([2, 3, 2]), [-1]),
    'reshape to five axes': (g) => g.reshape(g.input([1, 4, 4, 3]), [1, 2, 2, 4, 3]),
  },
};
