import type { Op, OperatorSupport, OpNamed, Shapes } from '@nnm/core';
import type { OpWriter } from './op-writer.ts';

/** How one operator is written in a graph model, and how it runs there. */
export interface Lowering<N extends Op['op'] = Op['op']> {
  readonly op: N;
  readonly support: OperatorSupport;
  /** True for one whose weights swallow the batch normalisation after it. */
  readonly foldsBatchNorm?: boolean;
  /** True when its node takes the activation behind its bias; absent for never. */
  fusesActivation?(op: OpNamed<N>, shapes: Shapes): boolean;
  /** Write its nodes; the last one with `writer.last`. */
  lower(writer: OpWriter, op: OpNamed<N>): void;
}
