import type { Shape } from '@nnm/core';
import type { ModelNode, ModelTensor } from '../../graph/model-graph.ts';
import { liftNode } from './lift-node.ts';

/** Operators that core has no word for, and whose result has the shape of their first input. */
const SAME_SHAPE: ReadonlySet<string> = new Set(
  'CAST CEIL COS CUMSUM DENSIFY DEQUANTIZE FAKE_QUANT FLOOR LOGICAL_NOT QUANTIZE ROUND SIGN SIN ZEROS_LIKE REVERSE_V2'.split(' '),
);

/** Shapes of a node's results as core's rules say them; undefined for what they do not know. */
export function nodeShapes(node: ModelNode, tensors: ReadonlyMap<string, ModelTensor>): readonly (Shape | undefined)[] {
  if (SAME_SHAPE.has(node.operator)) return node.outputs.map(() => tensors.get(node.inputs[0] ?? '')?.shape);
  const lifted = liftNode(node, 0, tensors);
  return 'gap' in lifted ? [] : (lifted.at(-1)?.outputShapes ?? []);
}
