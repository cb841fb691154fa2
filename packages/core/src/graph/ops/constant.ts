import { naturals, number } from '../attributes.ts';
import type { OpBase, Operator, OpWriter } from '../operator.ts';
import type { Shape, ValueId } from '../values.ts';

/**
 * A constant, drawn uniformly in `center ± spread` from the graph's seed; a number has the spread 0.
 *
 * @shapes none to `shape`; `[]` is a scalar
 */
export interface ConstantOp extends OpBase {
  readonly op: 'constant';
  readonly shape: Shape;
  readonly center: number;
  readonly spread: number;
}

/** Options of {@link ConstantMethods.constant}. */
export interface ConstantOptions {
  /** Middle of the values; default 0. */
  readonly center?: number;
  /** Largest distance from the middle; default 1. */
  readonly spread?: number;
}

/** Methods of `GraphBuilder`. */
export interface ConstantMethods {
  /** A constant tensor such as the second operand of `mul` or `matmul`; a number stands for a scalar of that value. */
  constant(shape: Shape | number, options?: ConstantOptions): ValueId;
}

const writeConstant = (writer: OpWriter, shape: Shape | number, { center = 0, spread = 1, ...unknown }: ConstantOptions = {}): ValueId =>
  typeof shape === 'number'
    ? writer.add<ConstantOp>({ op: 'constant', inputs: [], shape: [], center: shape, spread: 0 }, unknown)
    : writer.add<ConstantOp>({ op: 'constant', inputs: [], shape, center, spread }, unknown);

/** A value, or a number as a constant. */
export const toValue = (writer: OpWriter, value: ValueId | number): ValueId =>
  typeof value === 'number' ? writeConstant(writer, value) : value;

export const constant: Operator<ConstantOp, ConstantMethods> = {
  op: 'constant',
  inputs: 0,
  attributes: { shape: naturals, center: number, spread: number },
  lastArgument: 'options',
  methods: { constant: writeConstant },
  infer: ({ shape }) => [shape],
  weights: ({ shape, center, spread }) => ({ value: { shape, center, spread, isParameter: spread !== 0 } }),
  flops: () => 0,
  compute: (_, { shapes: [shape], weights }) => [{ shape: shape!, data: Float64Array.from(weights.value!.data) }],
  edges: {
    'constant of four axes': (g) => [g.positive([1, 2]), g.constant([1, 2, 3, 4])],
    'constant of three axes': (g) => [g.positive([1, 2]), g.constant([2, 3, 4], { center: 2, spread: 0.1 })],
  },
};
