import type { Op, OperatorSupport } from '@nnm/core';
import type { LoweringContext } from './context.ts';

/** An operator of the graph by its name. */
export type OpNamed<N extends Op['op']> = Extract<Op, { op: N }>;

/** How one operator is written in ONNX, as `torch.onnx.export` writes the module it stands for, and how it runs there. */
export interface Lowering<N extends Op['op'] = Op['op']> {
  readonly op: N;
  readonly support: OperatorSupport;
  /** Write its nodes. */
  lower(op: OpNamed<N>, context: LoweringContext): void;
}
