import { defineReduce, type ReduceOp, type ReduceOptions } from '../reduce.ts';
import type { ValueId } from '../values.ts';

/**
 * Mean over axes.
 *
 * @shapes any to the same without `axes`, or with 1 in their place
 */
export interface ReduceMeanOp extends ReduceOp {
  readonly op: 'reduceMean';
}

/** Methods of `GraphBuilder`. */
export interface ReduceMeanMethods {
  /** Mean over axes. */
  reduceMean(x: ValueId, options?: ReduceOptions): ValueId;
}

export const reduceMean = defineReduce<ReduceMeanOp, ReduceMeanMethods>(
  'reduceMean',
  (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  {
    reduceMean: (writer, x, { axes = [], keepDims = false, ...unknown } = {}) =>
      writer.add<ReduceMeanOp>({ op: 'reduceMean', inputs: [x], axes, keepDims }, unknown),
  },
);
