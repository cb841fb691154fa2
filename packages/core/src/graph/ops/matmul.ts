import { boolean, optional } from '../attributes.ts';
import { broadcastShapes } from '../broadcast.ts';
import type { OpBase, Operator } from '../operator.ts';
import { emptyValue } from '../reference-value.ts';
import { countElements, type Shape, type ValueId } from '../values.ts';
import { pick } from '../walk.ts';

/**
 * Matrix product over the last two axes; the axes before them broadcast. Either operand may be a `constant`.
 *
 * @shapes `[..., m, k]` and `[..., k, n]` to `[..., m, n]`
 */
export interface MatmulOp extends OpBase {
  readonly op: 'matmul';
  /** True when the first operand is `[..., k, m]`; absent for false. */
  readonly transposeA?: boolean;
  /** True when the second operand is `[..., n, k]`; absent for false. */
  readonly transposeB?: boolean;
}

/** Options of {@link MatmulMethods.matmul}. */
export interface MatmulOptions {
  /** The first operand is `[..., k, m]`; default false. */
  readonly transposeA?: boolean;
  /** The second operand is `[..., n, k]`; default false. */
  readonly transposeB?: boolean;
}

/** Methods of `GraphBuilder`. */
export interface MatmulMethods {
  /** Matrix product, batched when the operands have more than two axes. */
  matmul(a: ValueId, b: ValueId, options?: MatmulOptions): ValueId;
}

/** A matrix shape as the product sees it. */
const oriented = (shape: Shape, transpose = false): Shape =>
  transpose ? [...shape.slice(0, -2), shape.at(-1) as number, shape.at(-2) as number] : shape;

export const matmul: Operator<MatmulOp, MatmulMethods> = {
  op: 'matmul',
  inputs: 2,
  attributes: { transposeA: optional(boolean), transposeB: optional(boolean) },
  lastArgument: 'options',
  methods: {
    matmul: (writer, a, b, { transposeA, transposeB, ...unknown } = {}) =>
      writer.add<MatmulOp>(
        {
          op: 'matmul',
          inputs: [a, b],
          transposeA: transposeA === false ? undefined : transposeA,
          transposeB: transposeB === false ? undefined : transposeB,
        },
        unknown,
      ),
  },
  infer(op, [first, second], fail) {
    const wrong = (): never => fail(`cannot multiply matrices [${first!.join(', ')}] and [${second!.join(', ')}]`);
    if (first!.length < 2 || second!.length < 2) wrong();
    const [a, b] = [oriented(first!, op.transposeA), oriented(second!, op.transposeB)];
    const batch = broadcastShapes(a.slice(0, -2), b.slice(0, -2)) ?? wrong();
    if (a.at(-1) !== b.at(-2)) wrong();
    return [[...batch, a.at(-2) as number, b.at(-1) as number]];
  },
  multiplyAdds: (op, [a], [output]) => countElements(output as Shape) * (oriented(a!, op.transposeA).at(-1) as number),
  flops: (op, inputs, outputs) => 2 * matmul.multiplyAdds!(op, inputs, outputs),
  compute(op, { inputs: [first, second], shapes: [shape] }) {
    const swap = (position: readonly number[]): readonly number[] => oriented(position, true);
    const a = op.transposeA ? pick(first!, oriented(first!.shape, true), swap) : first!;
    const b = op.transposeB ? pick(second!, oriented(second!.shape, true), swap) : second!;
    const output = emptyValue(shape!);
    const [m, n, k] = [shape!.at(-2)!, shape!.at(-1)!, a.shape.at(-1)!];
    const batch = shape!.slice(0, -2);
    // The matrices that each matrix of the output is made of: whole matrices stand for elements.
    const matrices = (of: Shape): Float64Array => {
      const own = of.slice(0, -2);
      const numbers = {
        shape: [...Array(batch.length - own.length).fill(1), ...own],
        data: Float64Array.from({ length: countElements(own) }, (_, i) => i),
      };
      return pick(numbers, batch, (position) => position.map((i, axis) => (numbers.shape[axis] === 1 ? 0 : i))).data;
    };
    const [fromA, fromB] = [matrices(a.shape), matrices(b.shape)];
    for (let matrix = 0; matrix < countElements(batch); matrix++) {
      for (let row = 0; row < m; row++) {
        for (let i = 0; i < k; i++) {
          const value = a.data[(fromA[matrix]! * m + row) * k + i]!;
          for (let column = 0; column < n; column++) {
            output.data[(matrix * m + row) * n + column]! += value * b.data[(fromB[matrix]! * k + i) * n + column]!;
          }
        }
      }
    }
    return [output];
  },
  edges: {
    'matmul of matrices': (g) => g.matmul(g.input([3, 5]), g.input([5, 4])),
    'matmul, batched': (g) => g.matmul(g.input([2, 3, 5]), g.input([2, 5, 4])),
    'matmul of attention scores': (g) => g.matmul(g.input([2, 3, 5, 4]), g.input([2, 3, 6, 4]), { transposeB: true }),
    'matmul of attention and values': (g) => g.matmul(g.input([2, 3, 5, 6]), g.input([2, 3, 6, 4])),
    'matmul with the first transposed': (g) => g.matmul(g.input([2, 5, 3]), g.input([2, 5, 4]), { transposeA: true }),
    'matmul, one matrix for a batch': (g) => g.matmul(g.input([2, 3, 5]), g.input([5, 4])),
    'matmul, batches stretched': (g) => g.matmul(g.input([2, 1, 3, 5]), g.input([3, 5, 4])),
    'matmul with constant weights': (g) => g.matmul(g.input([2, 3, 5]), g.constant([5, 4])),
    'matmul of a matrix with constant weights, transposed': (g) => g.matmul(g.input([3, 5]), g.constant([4, 5]), { transposeB: true }),
    'matmul with a constant batch': (g) => g.matmul(g.input([2, 3, 5]), g.constant([2, 5, 4])),
    'matmul with a constant first': (g) => g.matmul(g.constant([3, 5]), g.input([2, 5, 4])),
    'matmul of an image with constant weights': (g) => g.matmul(g.input([1, 3, 2, 5]), g.constant([5, 4])),
    'matmul of five axes with one matrix': (g) => g.matmul(g.input([2, 3, 2, 3, 2]), g.input([2, 3])),
    'matmul of five axes': (g) => g.matmul(g.input([2, 1, 2, 3, 2]), g.input([2, 1, 2, 2, 3])),
  },
};
