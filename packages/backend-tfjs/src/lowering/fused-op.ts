import type { BatchNormOp, Op, ValueId } from '@nnm/core';

/** An op of the graph with the ops that its node swallows. */
export interface FusedOp {
  readonly op: Op;
  /** Folded into the op's weights. */
  readonly batchNorm?: BatchNormOp;
  /** Fused into the op's node; see `fusedActivation`. */
  readonly activation?: Op;
  /** What the last fused op defines; for an op with several outputs, the op's own outputs. */
  readonly outputs: readonly ValueId[];
}
