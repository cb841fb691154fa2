import { type Graph, InvalidGraphError, inferShapes, type Op, type Shape, type Shapes } from '@nnm/core';
import type { ElementType, ModelNode, ModelTensor } from '../../graph/model-graph.ts';
import type { Gap, LiftedOp } from '../lifted-model.ts';
import { convolutionRules } from './rules/convolution.ts';
import { elementwiseRules, FUSED_ACTIVATIONS } from './rules/elementwise.ts';
import { matrixRules } from './rules/matrix.ts';
import { movementRules } from './rules/movement.ts';
import { poolingRules } from './rules/pooling.ts';
import { reductionRules } from './rules/reduction.ts';
import { BEFORE, type Rules, type Saying, TfliteNode, Unsayable } from './tflite-node.ts';

const RULES: Rules = {
  ...convolutionRules,
  ...elementwiseRules,
  ...matrixRules,
  ...movementRules,
  ...poolingRules,
  ...reductionRules,
};

const QUANTISED: ReadonlySet<ElementType> = new Set(['int4', 'int8', 'uint8', 'int16', 'uint16']);
const FOUR_BYTES: ReadonlySet<ElementType> = new Set(['int32', 'uint32']);

/** Whose results are numbers of elements, or whose inputs are: indices that stand for floats of the same size. */
const INDICES: ReadonlySet<string> = new Set(['ARG_MAX']);

/** Operators that one would look for, with the reason why they are gaps. */
const REASONS: Readonly<Record<string, string>> = {
  WHILE: 'runs as often as data say, so it has no one latency',
  IF: 'runs one of two graphs, depending on data, so it has no one latency',
  CALL_ONCE: 'initialises variables, which nnm has no word for',
};

/**
 * A node as ops, or as a gap with its reason.
 *
 * @param position - of the node in its model
 */
export function liftNode(node: ModelNode, position: number, tensors: ReadonlyMap<string, ModelTensor>): readonly LiftedOp[] | Gap {
  try {
    const view = new TfliteNode(node, tensors);
    checkTypes(view, tensors);
    const rule = Object.hasOwn(RULES, node.operator) ? RULES[node.operator]! : view.gap(reasonFor(node.operator));
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

const reasonFor = (operator: string): string => REASONS[operator] ?? 'has no equivalent in nnm';

/** Values of the kernel graph are float32. */
function checkTypes(view: TfliteNode, tensors: ReadonlyMap<string, ModelTensor>): void {
  const { inputs, outputs, operator } = view.node;
  const typesOf = (names: readonly string[]): readonly ModelTensor[] =>
    names.filter((name) => name !== '').map((name) => tensors.get(name)!);
  const all = [...typesOf(inputs), ...typesOf(outputs)];
  const quantised = all.find(({ dtype }) => QUANTISED.has(dtype));
  if (quantised) view.gap(`works on quantised values (${quantised.dtype}), which nnm has no word for yet`);
  const moves = Object.hasOwn(movementRules, operator);
  const other = all.find(({ dtype, constant }) => !constant && dtype !== 'float32' && !(moves && FOUR_BYTES.has(dtype)));
  if (other && !INDICES.has(operator) && !isLookup(view, other)) view.gap(`works on ${other.dtype} values, and nnm's are float32`);
}

/** Rows of a table at indices that are integers. */
const isLookup = ({ node }: TfliteNode, { name }: ModelTensor): boolean =>
  (node.operator === 'GATHER' && node.inputs[1] === name) || (node.operator === 'EMBEDDING_LOOKUP' && node.inputs[0] === name);

/** Ops with names and shapes; a fused activation follows as an op of its own. */
function nameOps(
  { node }: TfliteNode,
  said: readonly Saying[],
  position: number,
  tensors: ReadonlyMap<string, ModelTensor>,
): readonly LiftedOp[] {
  const fused = node.attributes.fused_activation_function;
  const activation =
    fused === undefined || fused === 'NONE' ? [] : [FUSED_ACTIVATIONS[String(fused)] ?? unknownActivation(node, String(fused))];
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
