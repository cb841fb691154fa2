import type { Op, Shape } from '@nnm/core';
import type { ElementType } from '../../graph/model-graph.ts';
import type { Layout } from './layout.ts';
import type { NodeView, Operand } from './node-view.ts';

/** An op without the names of its inputs and outputs. */
type Unnamed<O> = O extends Op ? Omit<O, 'inputs' | 'outputs'> : never;

/** A node in core's words. */
export interface Sentence {
  readonly op: Unnamed<Op>;
  readonly inputs: readonly Operand[];
  /** True when the op says its outputs in the file's order of axes, whatever layout its inputs are in. */
  readonly plainOutputs?: boolean;
}

/** A node that does nothing: its output is one of its inputs. */
export interface Nothing {
  readonly same: string;
}

/** What is known of one operator of ONNX. */
export interface Rule {
  /** The layout of the op that it is; absent for one that takes the layout of its neighbours. */
  readonly layout?: Layout | ((node: NodeView) => Layout | undefined);
  /** The node in core's words; calls `node.gap` when there are none. */
  say?(node: NodeView): Sentence | Nothing;
  /** Shapes of its outputs in the file's order of axes, for nodes that core has no words for. */
  shapes?(node: NodeView): readonly (Shape | undefined)[];
  /** Element types of its outputs; absent for that of the first input. */
  types?(node: NodeView): readonly ElementType[];
}

/** Rules by name of operator, with the domain where it is not the standard one. */
export type Rules = Readonly<Record<string, Rule>>;
