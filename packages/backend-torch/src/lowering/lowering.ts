import type { Op, OperatorSupport, OpNamed } from '@nnm/core';
import type { LoweringContext } from './context.ts';
import type { Layout } from './layout-of-axes.ts';

/** How one operator is written in ONNX, as `torch.onnx.export` writes the module it stands for, and how it runs there. */
export interface Lowering<N extends Op['op'] = Op['op']> {
  readonly op: N;
  readonly support: OperatorSupport;
  /** The layout it needs values of four axes in; absent when it runs in either. */
  readonly layout?: Layout;
  /** Write its nodes. */
  lower(op: OpNamed<N>, context: LoweringContext): void;
}
