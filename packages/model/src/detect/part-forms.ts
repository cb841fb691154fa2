import type { Implement, Op, Shape } from '@nnm/core';
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
 * The part with its values as `[batch, rows, c]`, and where the rows are a square number as `[batch, side, side, c]`: kernels on rows and
 * on images are the same work on whatever a runtime runs element by element or row by row. What it runs element by element alone may have
 * its elements in other rows, too. A new shape for the same elements is the same work whatever the shapes are, and so are products of as
 * many matrices, over however many axes they are spread.
 *
 * @param implement - by whose conventions images lie in memory
 * @returns nothing for a part with an op to which the other axes matter
 */
export function rowForms(nodes: readonly PartNode[], batchSize: number, implement: Implement): readonly (readonly PartNode[])[] {
  const first = nodes[0]?.outputShapes[0];
  if (first === undefined || first.length === 0) return [];
  if (nodes.length === 1 && VIEWS.has((nodes[0] as PartNode).op.op)) return viewForm(nodes[0] as PartNode, batchSize);
  if (nodes.length === 1 && nodes[0]?.op.op === 'matmul') return matrixForm(nodes[0], batchSize);
  if (nodes.length === 1 && nodes[0]?.op.op === 'transpose') return transposeForms(nodes[0], batchSize);
  if (nodes.length === 1 && isGlobalPool(nodes[0] as PartNode)) return globalPoolForms(nodes[0] as PartNode, batchSize);
  const channels = lastOf(first);
  const rows = count(first) / channels;
  if (rows % batchSize !== 0 || !nodes.every((node) => isByRow(node, batchSize))) return [];
  const perImage = rows / batchSize;
  const asMatrix = [reshaped(nodes, [batchSize, perImage])];
  const side = Math.sqrt(perImage);
  const asImage = Number.isInteger(side) ? [reshaped(nodes, [batchSize, side, side])] : [];
  if (implement === 'torch' && nodes.some(meetsChannels)) {
    return isImage(first) ? [...asImage, reshaped(nodes, [batchSize, perImage, 1])] : asMatrix;
  }
  const forms = [...asMatrix, ...asImage];
  if (asImage.length > 0) return forms;
  const square = nodes.every(isByElement) ? nearestSquare(perImage * channels, channels) : undefined;
  return square === undefined ? forms : [...forms, reshaped(nodes, [batchSize, square.side, square.side], square.channels)];
}

function isByRow({ op, inputShapes, outputShapes, constantInputs }: PartNode, batchSize: number): boolean {
  const output = outputShapes[0] as Shape;
  if (!BY_ROW.has(op.op) || output.length < 2) return false;
  if ('axis' in op && !isLast(op.axis, output.length)) return false;
  const rows = count(output) / lastOf(output);
  return inputShapes.every((shape, at) => {
    if (constantInputs.includes(at)) return count(shape) === lastOf(shape);
    const own = count(shape) / lastOf(shape);
    return shape.length >= 2 && (own === rows || (own === batchSize && lastOf(shape) === lastOf(output)));
  });
}

/** True for an image of more than one pixel and channel, whose order in memory matters. */
const isImage = (shape: Shape): boolean => shape.length === 4 && count(shape.slice(1, 3)) > 1 && lastOf(shape) > 1;

/**
 * True for what meets one value per channel. PyTorch's images have every channel as a plane of its own, which meets one value as a whole; rows meet
 * a vector each, which is other work.
 */
const meetsChannels = ({ op, inputShapes, outputShapes, constantInputs }: PartNode): boolean =>
  op.op === 'batchNorm' ||
  op.op === 'prelu' ||
  inputShapes.some((shape, at) => count(shape) > 1 && (constantInputs.includes(at) || count(shape) < count(outputShapes[0] as Shape)));

/** An image that meets a constant of one value per channel as one that meets computed ones; other nodes as they are. */
export function withComputedOperand(node: PartNode): PartNode {
  const { inputShapes, outputShapes, constantInputs } = node;
  const [image] = outputShapes as readonly [Shape];
  if (!isImage(image) || !meetsChannels(node) || inputShapes.length < 2) return node;
  const operand = [image[0] as number, 1, 1, lastOf(image)];
  return { ...node, inputShapes: inputShapes.map((shape, at) => (constantInputs.includes(at) ? operand : shape)), constantInputs: [] };
}

/** An image that meets one value per channel as a matrix of its pixels; other nodes as they are. */
export function withChannelsTogether(node: PartNode): PartNode {
  const [image] = node.outputShapes as readonly [Shape];
  if (!isImage(image) || !meetsChannels(node)) return node;
  return reshaped([node], [image[0] as number, count(image.slice(1, 3))])[0] as PartNode;
}

/** True for one function of every element, or of two values of one shape. */
function isByElement({ op, inputShapes, outputShapes, constantInputs }: PartNode): boolean {
  const elements = count(outputShapes[0] as Shape);
  const isSame = inputShapes.every((shape, at) => count(shape) === (constantInputs.includes(at) ? 1 : elements));
  return isSame && !('axis' in op) && op.op !== 'prelu' && op.op !== 'dense' && op.op !== 'batchNorm' && op.op !== 'rmsNorm';
}

/** The square image of so many elements whose channels are nearest to a number. */
function nearestSquare(elements: number, channels: number): { readonly side: number; readonly channels: number } | undefined {
  let best: { readonly side: number; readonly channels: number } | undefined;
  const distance = (value: number): number => Math.max(value / channels, channels / value);
  for (let side = 2; side * side <= elements; side++) {
    const rest = elements / (side * side);
    if (Number.isInteger(rest) && (best === undefined || distance(rest) < distance(best.channels))) best = { side, channels: rest };
  }
  return best;
}

function reshaped(nodes: readonly PartNode[], before: Shape, channels?: number): readonly PartNode[] {
  const ones = before.map((size, axis) => (axis === 0 ? size : 1));
  return nodes.map((node) => {
    const rows = count(node.outputShapes[0] as Shape) / lastOf(node.outputShapes[0] as Shape);
    const reshape = (shape: Shape): Shape => [...(count(shape) / lastOf(shape) === rows ? before : ones), channels ?? lastOf(shape)];
    return {
      ...node,
      op: 'axis' in node.op ? ({ ...node.op, axis: -1 } as Op) : node.op,
      inputShapes: node.inputShapes.map((shape, at) =>
        node.constantInputs.includes(at) ? (count(shape) === 1 ? [] : [lastOf(shape)]) : reshape(shape),
      ),
      outputShapes: node.outputShapes.map(reshape),
    };
  });
}

/** Ops that give the same elements another shape. */
const VIEWS: ReadonlySet<string> = new Set<Op['op']>(['reshape', 'flatten', 'squeeze', 'expandDims']);

/** A new shape as `[batch, rows, c]` to `[batch, c, rows]`. */
function viewForm({ op, inputShapes, ...node }: PartNode, batchSize: number): readonly (readonly PartNode[])[] {
  const shape = inputShapes[0] as Shape;
  const channels = lastOf(shape);
  const rows = count(shape) / channels / batchSize;
  if (!Number.isInteger(rows)) return [];
  const { inputs, outputs } = op;
  const output = [batchSize, channels, rows];
  return [
    [
      {
        ...node,
        op: { op: 'reshape', inputs, outputs, shape: output },
        inputShapes: [[batchSize, rows, channels]],
        outputShapes: [output],
      },
    ],
  ];
}

/** Products of matrices, as many on either side, as `[batch, matrices, rows, columns]`. */
function matrixForm(node: PartNode, batchSize: number): readonly (readonly PartNode[])[] {
  const shapes = [...node.inputShapes, ...node.outputShapes];
  const matrices = shapes.map((shape) => count(shape.slice(0, -2)));
  const perBatch = (matrices[0] as number) / batchSize;
  if (node.constantInputs.length > 0 || !Number.isInteger(perBatch) || matrices.some((number) => number !== matrices[0])) return [];
  const reshape = (shape: Shape): Shape => [batchSize, perBatch, ...shape.slice(-2)];
  return [[{ ...node, inputShapes: node.inputShapes.map(reshape), outputShapes: node.outputShapes.map(reshape) }]];
}

/**
 * A transpose in which two axes change places, as `[batch, rows, columns, c]` and with axes before and behind them as
 * `[outer, rows, columns, side, c]`. Axes of one element move nothing, and neighbours that stay neighbours are one axis, but for the last:
 * what it holds is what runtimes copy at once.
 */
function transposeForms({ op, inputShapes, ...rest }: PartNode, batchSize: number): readonly (readonly PartNode[])[] {
  if (op.op !== 'transpose') return [];
  const swap = swapOf(inputShapes[0] as Shape, op.permutation);
  if (swap === undefined) return [];
  const { outer, rows, columns, side, inner } = swap;
  const form = (input: Shape, permutation: readonly number[]): readonly PartNode[] => [
    {
      ...rest,
      op: { op: 'transpose', inputs: op.inputs, outputs: op.outputs, permutation } as Op,
      inputShapes: [input],
      outputShapes: [permutation.map((axis) => input[axis] as number)],
    },
  ];
  const general = form([outer, rows, columns, side, inner], [0, 2, 1, 3, 4]);
  return outer === batchSize && side === 1 ? [form([batchSize, rows, columns, inner], [0, 2, 1, 3]), general] : [general];
}

/** Two axes that change places, and what lies before and behind them. */
interface Swap {
  readonly outer: number;
  readonly rows: number;
  readonly columns: number;
  readonly side: number;
  readonly inner: number;
}

/** Undefined for a transpose that moves its axes otherwise. */
function swapOf(shape: Shape, permutation: readonly number[]): Swap | undefined {
  const order = permutation.filter((axis) => shape[axis] !== 1);
  const sorted = [...order].sort((a, b) => a - b);
  const first = order.findIndex((axis, at) => axis !== sorted[at]);
  if (first < 0) return undefined;
  let end = order.length;
  while (order[end - 1] === sorted[end - 1]) end--;
  // What moves has to be two runs of neighbours.
  const moved = order.slice(first, end);
  const before = sorted.slice(first, end);
  const cut = moved.indexOf(before[0] as number);
  if (before.join() !== [...moved.slice(cut), ...moved.slice(0, cut)].join()) return undefined;
  const sizeOf = (axes: readonly number[]): number => count(axes.map((axis) => shape[axis] as number));
  const behind = sorted.slice(end);
  return {
    outer: sizeOf(sorted.slice(0, first)),
    rows: sizeOf(moved.slice(cut)),
    columns: sizeOf(moved.slice(0, cut)),
    side: sizeOf(behind.slice(0, -1)),
    inner: sizeOf(behind.slice(-1)),
  };
}

/** True for what makes one pixel of an image, however it is called: a window as large as the image is a global one. */
function isGlobalPool({ op, inputShapes, outputShapes }: PartNode): boolean {
  const [, height, width] = inputShapes[0] as Shape;
  if (op.op === 'globalAvgPool') return inputShapes[0]?.length === 4;
  if (op.op !== 'avgPool' || outputShapes[0]?.[1] !== 1 || outputShapes[0]?.[2] !== 1) return false;
  return op.kernelSize[0] === height && op.kernelSize[1] === width;
}

/** A global pooling of a square image of as many pixels. */
function globalPoolForms({ op, inputShapes, ...node }: PartNode, batchSize: number): readonly (readonly PartNode[])[] {
  const [n, height, width, channels] = inputShapes[0] as readonly [number, number, number, number];
  const side = Math.sqrt(height * width);
  if (!Number.isInteger(side) || n !== batchSize) return [];
  const { inputs, outputs } = op;
  const pool = { op: 'globalAvgPool', inputs, outputs, keepDims: true } as Op;
  return [[{ ...node, op: pool, inputShapes: [[n, side, side, channels]], outputShapes: [[n, 1, 1, channels]] }]];
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
