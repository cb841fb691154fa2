import {
  countElements,
  floatBytes,
  type Graph,
  type Implement,
  inferShapes,
  type Op,
  type OpBase,
  type Shapes,
  weightShapes,
} from '@nnm/core';
import type { LiftedModel, LiftedOp } from '../lift/lifted-model.ts';
import type { AttributeValue, ModelGraph, ModelNode, ModelTensor } from './model-graph.ts';

/** What a kernel graph does not say of itself. */
export interface KernelGraphOptions {
  /** The framework whose conventions its ops follow. */
  readonly implement: Implement;
}

/**
 * A kernel graph (a network of the zoo, a kernel's block, what a `GraphBuilder` has built) as a model in core's words.
 *
 * Its `model` has the format `graph` and core's operator names. A `constant` op is no node but a constant tensor, which has `values`
 * when it is a single number; other weights are no tensors and count in `weightBytes`. The batch size is that of the first input.
 *
 * @throws {@link InvalidGraphError} when the graph is not valid
 */
export function liftKernelGraph(graph: Graph, { implement }: KernelGraphOptions): LiftedModel {
  const shapes = inferShapes(graph);
  const computed = graph.ops.filter(({ op }) => op !== 'constant');
  const constants = new Set(graph.ops.filter(({ op }) => op === 'constant').flatMap(({ outputs }) => outputs));
  return {
    model: modelGraph(graph, computed, shapes),
    implement,
    batchSize: graph.inputs[0]!.shape[0]!,
    ops: computed.map((op, node) => liftOp(op, node, shapes, constants)),
  };
}

function modelGraph(graph: Graph, computed: readonly Op[], shapes: Shapes): ModelGraph {
  return {
    name: graph.name,
    format: 'graph',
    opsets: {},
    tensors: tensorsOf(graph, shapes),
    nodes: computed.map(nodeOf),
    inputs: graph.inputs.map(({ id }) => id),
    outputs: graph.outputs,
    weightBytes: floatBytes(countWeights(graph, shapes)),
  };
}

function tensorsOf(graph: Graph, shapes: Shapes): ReadonlyMap<string, ModelTensor> {
  const tensors = new Map<string, ModelTensor>();
  for (const [name, shape] of shapes) tensors.set(name, { name, shape, dtype: 'float32', constant: false });
  for (const op of graph.ops) {
    if (op.op !== 'constant') continue;
    const [name] = op.outputs as readonly [string];
    const isNumber = op.spread === 0 && countElements(op.shape) === 1;
    tensors.set(name, { name, shape: op.shape, dtype: 'float32', constant: true, ...(isNumber && { values: [op.center] }) });
  }
  return tensors;
}

function nodeOf(op: Op): ModelNode {
  const { op: operator, inputs, outputs, ...attributes } = op as OpBase & Readonly<Record<string, unknown>>;
  const entries = Object.entries(attributes).map(([name, value]) => [name, attributeValue(value)] as const);
  return { name: outputs[0]!, operator, attributes: Object.fromEntries(entries), inputs, outputs };
}

/** Pairs follow each other in one list; explicit padding is `[top, bottom, left, right]`. */
function attributeValue(value: unknown): AttributeValue {
  if (Array.isArray(value)) return value.flat();
  if (typeof value !== 'object' || value === null) return value as AttributeValue;
  const { top, bottom, left, right } = value as Readonly<Record<string, number>>;
  return [top!, bottom!, left!, right!];
}

function countWeights(graph: Graph, shapes: Shapes): number {
  let elements = 0;
  for (const op of graph.ops) for (const shape of Object.values(weightShapes(op, shapes))) elements += countElements(shape);
  return elements;
}

function liftOp(op: Op, node: number, shapes: Shapes, constants: ReadonlySet<string>): LiftedOp {
  return {
    nodes: [node],
    op,
    inputShapes: op.inputs.map((id) => shapes.get(id)!),
    outputShapes: op.outputs.map((id) => shapes.get(id)!),
    constantInputs: op.inputs.flatMap((id, position) => (constants.has(id) ? [position] : [])),
  };
}
