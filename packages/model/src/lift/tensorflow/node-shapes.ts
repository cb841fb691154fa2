import type { Shape } from '@nnm/core';
import type { ModelNode, ModelTensor } from '../../graph/model-graph.ts';
import type { Dialect } from './dialect.ts';
import { liftNode } from './lift-node.ts';

/** Shapes of a node's results as core's rules say them; undefined for what they do not know. */
export function nodeShapes(dialect: Dialect, node: ModelNode, tensors: ReadonlyMap<string, ModelTensor>): readonly (Shape | undefined)[] {
  if (dialect.sameShape.has(node.operator)) return node.outputs.map(() => tensors.get(node.inputs[0] ?? '')?.shape);
  const lifted = liftNode(dialect, node, 0, tensors);
  return 'gap' in lifted ? [] : (lifted.at(-1)?.outputShapes ?? []);
}
