import type { BatchNormOp, Op, ValueId } from '@nnm/core';
import type { FusedActivationName } from '../flatbuffer/schema.ts';

/** An op of the graph with the ops that its lowering swallows. */
export interface FusedOp {
  readonly op: Op;
  /** Batch normalisations folded into the op's weights, in order. */
  readonly batchNorms: readonly BatchNormOp[];
  readonly activation: FusedActivationName;
  /** What the last fused op defines; for an op with several outputs, the op's own outputs. */
  readonly outputs: readonly ValueId[];
}
