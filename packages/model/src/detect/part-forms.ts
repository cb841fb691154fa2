import type { Op, Shape } from '@nnm/core';
import type { PartNode } from './part-node.ts';

/** Ops that do the same to every row of `[..., c]`, however many axes the rows are spread over. */
const BY_ROW: ReadonlySet<string> = new Set<Op['op']>([
  'abs',
  'activation',
  'add',
  'batchNorm',
  'clip',
  'dense',
  'div',
  'elu',
  'erf',
  'exp',
  'gelu',
  'layerNorm',
  'leakyRelu',
  'log',
  'logSoftmax',
  'maximum',
  'minimum',
  'mish',
  'mul',
  'neg',
  'pow',
  'prelu',
  'rmsNorm',
  'rsqrt',
  'softmax',
  'sqrt',
  'sub',
  'tanh',
]);

const isLast = (axis: unknown, rank: number): boolean => axis === undefined || axis === -1 || axis === rank - 1;
const lastOf = (shape: Shape): number => shape.at(-1) ?? 1;
const count = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

/**
 * The part with all its values as `[batch, rows, c]`, and where the rows are a square number as `[batch, side, side, c]`: kernels on rows
 * and on images are the same work on whatever a runtime runs element by element or row by row.
 *
 * @returns nothing for a part with an op to which the other axes matter
 */
export function rowForms(nodes: readonly PartNode[], batchSize: number): readonly (readonly PartNode[])[] {
  const first = nodes[0]?.outputShapes[0];
  if (first === undefined || !nodes.every(isByRow)) return [];
  const rows = count(first) / lastOf(first);
  if (rows % batchSize !== 0) return [];
  const perImage = rows / batchSize;
  const side = Math.sqrt(perImage);
  const forms = [reshaped(nodes, [batchSize, perImage])];
  return Number.isInteger(side) ? [...forms, reshaped(nodes, [batchSize, side, side])] : forms;
}

function isByRow({ op, inputShapes, outputShapes, constantInputs }: PartNode): boolean {
  const output = outputShapes[0] as Shape;
  if (!BY_ROW.has(op.op) || output.length < 2) return false;
  if ('axis' in op && !isLast(op.axis, output.length)) return false;
  const rows = count(output) / lastOf(output);
  return inputShapes.every((shape, at) =>
    constantInputs.includes(at) ? count(shape) === lastOf(shape) : shape.length >= 2 && count(shape) / lastOf(shape) === rows,
  );
}

function reshaped(nodes: readonly PartNode[], before: Shape): readonly PartNode[] {
  const reshape = (shape: Shape): Shape => [...before, lastOf(shape)];
  return nodes.map((node) => ({
    ...node,
    op: 'axis' in node.op ? ({ ...node.op, axis: -1 } as Op) : node.op,
    inputShapes: node.inputShapes.map((shape, at) =>
      node.constantInputs.includes(at) ? (count(shape) === 1 ? [] : [lastOf(shape)]) : reshape(shape),
    ),
    outputShapes: node.outputShapes.map(reshape),
  }));
}

/** Layers that take a batch normalisation behind them into their weights. */
const FOLDING: ReadonlySet<string> = new Set<Op['op']>(['conv2d', 'depthwiseConv2d', 'transposedConv2d', 'dense']);

/** The part as its runtime gets it: batch normalisations are in the weights and biases of the layers before them. */
export function withFoldedBatchNorms(nodes: readonly PartNode[]): readonly PartNode[] {
  const folded: PartNode[] = [];
  for (const node of nodes) {
    const before = folded.findIndex(({ op }) => FOLDING.has(op.op) && op.outputs[0] === node.op.inputs[0]);
    const isOnlyReader = nodes.filter(({ op }) => op.inputs.includes(node.op.inputs[0] as string)).length === 1;
    if (node.op.op !== 'batchNorm' || before < 0 || !isOnlyReader) folded.push(node);
    else {
      const layer = folded[before] as PartNode;
      folded[before] = { ...layer, op: { ...layer.op, useBias: true, outputs: node.op.outputs } as Op };
    }
  }
  return folded;
}

/** The part with the pixels that a pad op puts round an image put by the convolution behind it. */
export function withFoldedPadding(nodes: readonly PartNode[], freePadding: readonly string[]): readonly PartNode[] {
  const [pad, layer, ...rest] = nodes;
  if (pad?.op.op !== 'pad' || layer === undefined || !freePadding.includes(layer.op.op)) return nodes;
  return [{ ...layer, op: { ...layer.op, inputs: pad.op.inputs } as Op, inputShapes: pad.inputShapes }, ...rest];
}
