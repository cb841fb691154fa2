import type { Shape } from '@nnm/core';
import type { ModelNode, ModelTensor } from '../../graph/model-graph.ts';
import { nodeShapes } from '../../lift/tensorflow/node-shapes.ts';
import { TFLITE } from '../../lift/tflite/dialect.ts';
import { evaluateNode } from './evaluate-node.ts';

/** Nodes that the runtime computes once, when all their inputs are constant. */
const DONE_AT_LOADING: ReadonlySet<string> = new Set(['DEQUANTIZE', 'DENSIFY']);

/** Nodes that are left, and what is known of tensors by name. */
export interface FoldedGraph {
  readonly nodes: readonly ModelNode[];
  readonly tensors: ReadonlyMap<string, ModelTensor>;
}

/**
 * Leave out nodes whose results are constant (unpacked weights, shape arithmetic), and infer the shapes that the file leaves open.
 *
 * @param nodes - in execution order
 */
export function foldConstants(nodes: readonly ModelNode[], given: readonly ModelTensor[]): FoldedGraph {
  const tensors = new Map(given.map((tensor) => [tensor.name, tensor]));
  const kept: ModelNode[] = [];
  for (const node of nodes) {
    const inputs = node.inputs.map((name) => tensors.get(name));
    const [source] = inputs;
    const target = tensors.get(node.outputs[0] ?? '');
    if (DONE_AT_LOADING.has(node.operator) && source?.constant && target !== undefined) {
      const shape = target.shape ?? source.shape;
      tensors.set(target.name, { ...target, ...(shape && { shape }), constant: true, ...(source.values && { values: source.values }) });
      continue;
    }
    const result = target && evaluateNode(node, inputs, target);
    if (result !== undefined) {
      tensors.set(result.name, result);
      continue;
    }
    if (node.outputs.some((name) => tensors.get(name)?.shape === undefined)) inferOutputs(node, tensors);
    kept.push(node);
  }
  return { nodes: kept, tensors };
}

function inferOutputs(node: ModelNode, tensors: Map<string, ModelTensor>): void {
  const shapes: readonly (Shape | undefined)[] = nodeShapes(TFLITE, node, tensors);
  node.outputs.forEach((name, index) => {
    const tensor = tensors.get(name);
    const shape = shapes[index];
    if (tensor !== undefined && tensor.shape === undefined && shape !== undefined) tensors.set(name, { ...tensor, shape });
  });
}
