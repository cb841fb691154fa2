import type { ModelGraph, ModelNode } from '../../../graph/model-graph.ts';

/** Nodes of a model that are one function, said as one node. */
export interface Unit {
  /** Positions in the model's `nodes`. */
  readonly nodes: readonly number[];
  readonly node: ModelNode;
}

/** Each node on its own, or with others that spell out one function. */
export function findFunctions({ nodes }: ModelGraph): readonly Unit[] {
  return nodes.map((node, index) => ({ nodes: [index], node }));
}
