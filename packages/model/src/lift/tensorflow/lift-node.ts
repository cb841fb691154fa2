import { type Graph, InvalidGraphError, inferShapes, type Op, type Shape, type Shapes } from '@nnm/core';
import { entryOf } from '../../graph/entry-of.ts';
import type { ElementType, ModelNode, ModelTensor } from '../../graph/model-graph.ts';
import type { Gap, LiftedOp } from '../lifted-model.ts';
import type { Dialect } from './dialect.ts';
import { FUSED_ACTIVATIONS } from './rules/elementwise.ts';
import { BEFORE, type Rule, type Saying, TensorFlowNode, Unsayable } from './tensorflow-node.ts';

const QUANTISED: ReadonlySet<ElementType> = new Set(['int4', 'int8', 'uint8', 'int16', 'uint16']);
const FOUR_BYTES: ReadonlySet<ElementType> = new Set(['int32', 'uint32']);

/**
 * A node as ops, or as a gap with its reason.
 *
 * @param position - of the node in its model
 */
export function liftNode(
  dialect: Dialect,
  node: ModelNode,
  position: number,
  tensors: ReadonlyMap<string, ModelTensor>,
): readonly LiftedOp[] | Gap {
  try {
    const view = new TensorFlowNode(node, tensors);
    const rule = ruleOf(dialect, view);
    checkTypes(dialect, view, tensors);
    return nameOps(view, [rule(view)].flat(), position, tensors);
  } catch (error) {
    const gap = gapOf(error, node.operator);
    if (gap === undefined) throw error;
    return { nodes: [position], gap, inputs: node.inputs.filter((name) => name !== ''), outputs: node.outputs };
  }
}

function gapOf(error: unknown, operator: string): string | undefined {
  if (error instanceof Unsayable) return error.message;
  return error instanceof InvalidGraphError ? `${operator} is beyond what nnm has words for: ${error.details.problem}` : undefined;
}

function ruleOf({ rules, reasons }: Dialect, view: TensorFlowNode): Rule {
  if (Object.hasOwn(rules, view.operator)) return rules[view.operator]!;
  return view.gap(Object.hasOwn(reasons, view.operator) ? reasons[view.operator]! : 'has no equivalent in nnm');
}

/** Values of the kernel graph are float32. */
function checkTypes({ moves, indices, lookups }: Dialect, view: TensorFlowNode, tensors: ReadonlyMap<string, ModelTensor>): void {
  const { inputs, outputs, operator } = view.node;
  const typesOf = (names: readonly string[]): readonly ModelTensor[] =>
    names.filter((name) => name !== '').map((name) => tensors.get(name)!);
  const all = [...typesOf(inputs), ...typesOf(outputs)];
  const quantised = all.find(({ dtype }) => QUANTISED.has(dtype));
  if (quantised) view.gap(`works on quantised values (${quantised.dtype}), which nnm has no word for yet`);
  const isMove = moves.has(operator);
  const other = all.find(({ dtype, constant }) => !constant && dtype !== 'float32' && !(isMove && FOUR_BYTES.has(dtype)));
  const isIndex = indices.has(operator) || (Object.hasOwn(lookups, operator) && inputs[lookups[operator]!] === other?.name);
  if (other && !isIndex) view.gap(`works on ${other.dtype} values, and nnm's are float32`);
}

/** Ops with names and shapes; a fused activation follows as an op of its own. */
function nameOps(
  { node }: TensorFlowNode,
  said: readonly Saying[],
  position: number,
  tensors: ReadonlyMap<string, ModelTensor>,
): readonly LiftedOp[] {
  const fused = node.attributes.fused_activation_function;
  const activation =
    fused === undefined || fused === 'NONE' ? [] : [entryOf(FUSED_ACTIVATIONS, String(fused)) ?? unknownActivation(node, String(fused))];
  const sayings = [...said, ...activation];
  const ops: Op[] = [];
  const forms = new Map<string, Shape>();
  sayings.forEach(({ inputs, as, ...saying }, index) => {
    const before = ops.at(-1)?.outputs[0] ?? node.inputs[0]!;
    const names = (inputs ?? [BEFORE]).map((name) => (name === BEFORE ? before : name));
    if (as !== undefined) forms.set(names[0]!, as);
    const outputs = index === sayings.length - 1 ? node.outputs : [`${node.outputs[0]}/${saying.op}${index}`];
    ops.push({ ...saying, inputs: names, outputs } as Op);
  });
  const shapes = inferOps(node, ops, forms, tensors);
  return ops.map((op) => ({
    nodes: [position],
    op,
    inputShapes: op.inputs.map((name) => shapes.get(name)!),
    outputShapes: op.outputs.map((name) => shapes.get(name)!),
    constantInputs: op.inputs.flatMap((name, index) => (tensors.get(name)?.constant ? [index] : [])),
  }));
}

const unknownActivation = ({ operator }: ModelNode, name: string): never => {
  throw new Unsayable(`${operator} has the activation ${name} fused into it, which nnm has no word for`);
};

/** Core's own rules check the ops and say their shapes. */
function inferOps(
  node: ModelNode,
  ops: readonly Op[],
  forms: ReadonlyMap<string, Shape>,
  tensors: ReadonlyMap<string, ModelTensor>,
): Shapes {
  const computed = new Set(ops.flatMap(({ outputs }) => outputs));
  const given = [...new Set(ops.flatMap(({ inputs }) => inputs))].filter((name) => !computed.has(name));
  const shapeOf = (name: string): Shape => {
    const shape = forms.get(name) ?? tensors.get(name)?.shape;
    if (shape === undefined) throw new Unsayable(`${node.operator} has an input whose shape depends on what is computed at run time`);
    return shape;
  };
  const constants = given.filter((name) => tensors.get(name)?.constant);
  const inputs = given.filter((name) => !constants.includes(name)).map((id) => ({ id, shape: atLeastOneAxis(shapeOf(id)) }));
  const graph: Graph = {
    schemaVersion: 1,
    name: node.name,
    seed: 0,
    // A graph has an input; a node of constants has none.
    inputs: inputs.length > 0 ? inputs : [{ id: ' ', shape: [1] }],
    ops: [...constants.map((id): Op => ({ op: 'constant', inputs: [], outputs: [id], shape: shapeOf(id), center: 0, spread: 1 })), ...ops],
    outputs: node.outputs,
  };
  return inferShapes(graph);
}

const atLeastOneAxis = (shape: Shape): Shape => (shape.length === 0 ? [1] : shape);
