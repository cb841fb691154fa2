import { defineReduce, type ReduceOp, type ReduceOptions } from '../reduce.ts';
import type { ValueId } from '../values.ts';

/**
 * Maximum over axes.
 *
 * @shapes any to the same without `axes`, or with 1 in their place
 */
export interface ReduceMaxOp extends ReduceOp {
  readonly op: 'reduceMax';
}

/** Methods of `GraphBuilder`. */
export interface ReduceMaxMethods {
  /** Maximum over axes. */
  reduceMax(x: ValueId, options?: ReduceOptions): ValueId;
}

export const reduceMax = defineReduce<ReduceMaxOp, ReduceMaxMethods>(
  'reduceMax',
  (values) => values.reduce((largest, value) => Math.max(largest, value), Number.NEGATIVE_INFINITY),
  {
    reduceMax: (writer, x, { axes = [], keepDims = false, ...unknown } = {}) =>
      writer.add<ReduceMaxOp>({ op: 'reduceMax', inputs: [x], axes, keepDims }, unknown),
  },
);
