import type { Op, OperatorSupport, OpNamed, ValueId } from '@nnm/core';
import type { LoweringContext } from './context.ts';
import type { FusedOp } from './fused-op.ts';

/** How one operator is written in TensorFlow Lite, and how it runs there. */
export interface Lowering<N extends Op['op'] = Op['op']> {
  readonly op: N;
  /** In the note, `*` marks operators that XNNPACK 2.9 leaves to the runtime's own kernels; see `supportWith`. */
  readonly support: OperatorSupport;
  /** True for one whose weights swallow the batch normalisations after it. */
  readonly foldsBatchNorm?: boolean;
  /** True for one with a fused activation. */
  readonly fusesActivation?: boolean;
  /** When its outputs are known never to be negative: with its inputs, or by its op; absent for never. */
  readonly nonNegative?: 'with its inputs' | ((op: OpNamed<N>) => boolean);
  /** Write its operators. The last one's result is `fused.outputs`. */
  lower(context: LoweringContext, op: OpNamed<N>, fused: FusedOp): void;
}

/** True when no output of an op can be negative. */
export function isNonNegative(lowering: Lowering, { op, activation }: FusedOp, nonNegative: ReadonlySet<ValueId>): boolean {
  if (activation !== 'none') return true;
  if (typeof lowering.nonNegative === 'function') return lowering.nonNegative(op);
  return lowering.nonNegative === 'with its inputs' && op.inputs.every((id) => nonNegative.has(id));
}
