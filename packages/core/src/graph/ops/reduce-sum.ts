import { defineReduce, type ReduceOp, type ReduceOptions } from '../reduce.ts';
import type { ValueId } from '../values.ts';

/**
 * Sum over axes.
 *
 * @shapes any to the same without `axes`, or with 1 in their place
 */
export interface ReduceSumOp extends ReduceOp {
  readonly op: 'reduceSum';
}

/** Methods of `GraphBuilder`. */
export interface ReduceSumMethods {
  /** Sum over axes. */
  reduceSum(x: ValueId, options?: ReduceOptions): ValueId;
}

export const reduceSum = defineReduce<ReduceSumOp, ReduceSumMethods>(
  'reduceSum',
  (values) => values.reduce((sum, value) => sum + value, 0),
  {
    reduceSum: (writer, x, { axes = [], keepDims = false, ...unknown } = {}) =>
      writer.add<ReduceSumOp>({ op: 'reduceSum', inputs: [x], axes, keepDims }, unknown),
  },
);
