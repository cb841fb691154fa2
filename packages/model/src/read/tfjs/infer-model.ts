import type { Shape } from '@nnm/core';
import { entryOf } from '../../graph/entry-of.ts';
import type { ModelGraph, ModelNode, ModelTensor } from '../../graph/model-graph.ts';
import { tfjsNodeShapes } from '../../lift/tfjs/node-shapes.ts';
import { FreeDimensionError } from '../errors.ts';
import { checkPinned, OPEN, showOpen, unknownInput } from '../pinned-shape.ts';
import type { ReadContext } from '../read-options.ts';
import { evaluateNode } from '../tflite/evaluate-node.ts';
import type { DraftInput, ModelDraft } from './draft.ts';

/** Shape arithmetic by the names that TensorFlow Lite has for it. */
const ARITHMETIC: Readonly<Record<string, string>> = {
  Add: 'ADD',
  AddV2: 'ADD',
  Cast: 'CAST',
  ExpandDims: 'EXPAND_DIMS',
  Fill: 'FILL',
  FloorDiv: 'FLOOR_DIV',
  FloorMod: 'FLOOR_MOD',
  Maximum: 'MAXIMUM',
  Minimum: 'MINIMUM',
  Mul: 'MUL',
  Neg: 'NEG',
  Pack: 'PACK',
  Prod: 'REDUCE_PROD',
  Range: 'RANGE',
  Rank: 'RANK',
  Shape: 'SHAPE',
  Slice: 'SLICE',
  Squeeze: 'SQUEEZE',
  StridedSlice: 'STRIDED_SLICE',
  Sub: 'SUB',
};

/** Shapes of all values, what only computes shapes left out. */
export function inferModel(
  draft: ModelDraft,
  context: ReadContext,
): Pick<ModelGraph, 'tensors' | 'nodes' | 'inputs' | 'outputs'> & { readonly notes: readonly string[] } {
  const { shapes, notes } = pinInputs(draft.inputs, context);
  const tensors = new Map<string, ModelTensor>(draft.constants.map((constant) => [constant.name, constant]));
  for (const { name, dtype } of draft.inputs) tensors.set(name, { name, shape: shapes.get(name)!, dtype, constant: false });
  const nodes: ModelNode[] = [];
  for (const node of draft.nodes) {
    for (const name of node.outputs) tensors.set(name, { name, dtype: draft.typeOf(name), constant: false });
    const result = evaluate(node, tensors);
    if (result !== undefined) {
      tensors.set(result.name, result);
      continue;
    }
    const inferred = tfjsNodeShapes(node, tensors);
    node.outputs.forEach((name, index) => {
      const shape = inferred[index];
      if (shape !== undefined) tensors.set(name, { ...tensors.get(name)!, shape });
    });
    nodes.push(node);
  }
  const mentioned = [
    ...draft.inputs.map(({ name }) => name),
    ...nodes.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]),
    ...draft.outputs,
  ];
  return {
    tensors: new Map([...new Set(mentioned)].filter((name) => tensors.has(name)).map((name) => [name, tensors.get(name)!])),
    nodes,
    inputs: draft.inputs.map(({ name }) => name),
    outputs: draft.outputs,
    notes,
  };
}

function evaluate(node: ModelNode, tensors: ReadonlyMap<string, ModelTensor>): ModelTensor | undefined {
  const operator = entryOf(ARITHMETIC, node.operator);
  if (operator === undefined) return undefined;
  return evaluateNode(
    { ...node, operator },
    node.inputs.map((name) => tensors.get(name)),
    tensors.get(node.outputs[0]!)!,
  );
}

/** Shapes of inputs: an open batch is one image, other open sizes are those of `shapes`. */
function pinInputs(
  inputs: readonly DraftInput[],
  { name: file, shapes: given = {} }: ReadContext,
): { readonly shapes: ReadonlyMap<string, Shape>; readonly notes: readonly string[] } {
  const unknown = Object.keys(given).find((name) => !inputs.some((input) => input.name === name));
  if (unknown !== undefined)
    throw unknownInput(
      file,
      unknown,
      inputs.map(({ name }) => name),
    );
  const pinOf = (name: string): Shape | undefined => entryOf(given, name);
  const open = inputs.filter(({ name, shape }) => pinOf(name) === undefined && (shape === undefined || shape.indexOf(OPEN, 1) > 0));
  if (open.length > 0) {
    const dimensions = open.map(({ name, shape }) => ({ name, dimensions: shape ? showOpen(shape) : ['?'] }));
    throw new FreeDimensionError({ file, inputs: dimensions });
  }
  const notes: string[] = [];
  const shapes = new Map(
    inputs.map(({ name, shape }) => {
      const pinned = pinOf(name);
      if (pinned !== undefined) return [name, checkPinned(file, name, shape ?? pinned.map(() => OPEN), pinned)] as const;
      if (shape?.[0] === OPEN) notes.push(`The batch of "${name}" is open: taken as 1.`);
      return [name, (shape ?? []).map((size) => (size === OPEN ? 1 : size))] as const;
    }),
  );
  return { shapes, notes };
}
