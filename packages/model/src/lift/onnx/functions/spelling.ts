import type { ModelNode } from '../../../graph/model-graph.ts';
import type { Match } from './match.ts';

/** Nodes of a model that are one function, said as one node. */
export interface Unit {
  /** Positions in the model's `nodes`, in rising order. */
  readonly nodes: readonly number[];
  readonly node: ModelNode;
}

/** A function that files spell out, told by the node that it is tried at; it is the last one but for what has several outputs. */
export type Spelling = (match: Match, anchor: ModelNode) => ModelNode | undefined;
