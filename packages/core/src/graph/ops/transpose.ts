import { naturals } from '../attributes.ts';
import type { OpBase, Operator } from '../operator.ts';
import type { ValueId } from '../values.ts';
import { pick } from '../walk.ts';

/**
 * Axes in another order: axis `i` of the result is axis `permutation[i]` of the input.
 *
 * @shapes any to the permuted
 */
export interface TransposeOp extends OpBase {
  readonly op: 'transpose';
  readonly permutation: readonly number[];
}

/** Methods of `GraphBuilder`. */
export interface TransposeMethods {
  /** Axes in another order. */
  transpose(x: ValueId, permutation: readonly number[]): ValueId;
}

export const transpose: Operator<TransposeOp, TransposeMethods> = {
  op: 'transpose',
  attributes: { permutation: naturals },
  methods: {
    transpose: (writer, x, permutation) => writer.add<TransposeOp>({ op: 'transpose', inputs: [x], permutation }),
  },
  infer({ permutation }, [x], fail) {
    const sorted = [...permutation].sort((a, b) => a - b);
    if (sorted.length !== x!.length || sorted.some((axis, index) => axis !== index)) {
      fail(`has permutation [${permutation.join(', ')}], which does not name each of ${x!.length} axes once`);
    }
    return [permutation.map((axis) => x![axis] as number)];
  },
  flops: () => 0,
  compute({ permutation }, { inputs: [x], shapes: [shape] }) {
    const source = x!.shape.map((_, axis) => permutation.indexOf(axis));
    return [pick(x!, shape!, (position) => source.map((axis) => position[axis]!))];
  },
  edges: {
    'transpose of a matrix': (g) => g.transpose(g.input([3, 5]), [1, 0]),
    'transpose of heads': (g) => g.transpose(g.input([2, 5, 3, 4]), [0, 2, 1, 3]),
    'transpose of a sequence': (g) => g.transpose(g.input([2, 5, 3]), [0, 2, 1]),
    'transpose of windows': (g) => g.transpose(g.input([2, 3, 2, 3, 4]), [0, 1, 3, 2, 4]),
    'transpose of an image': (g) => g.transpose(g.input([2, 3, 4, 5]), [3, 1, 0, 2]),
  },
};
