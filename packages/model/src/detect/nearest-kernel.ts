import { resolveAxes, type Shape } from '@nnm/core';
import type { DetectedKernel, LiftedModel, LiftedOp } from '../lift/lifted-model.ts';
import type { Part } from './find-parts.ts';
import type { FusionRules } from './fusion-rules.ts';
import { withChannelsTogether, withComputedOperand } from './part-forms.ts';
import type { PartNode } from './part-node.ts';
import type { Match } from './recognise.ts';

/** Names the kernel that some of a part's ops are, each changed first. */
type Recognise = (ops: Part, change: (node: PartNode) => PartNode) => Match | undefined;

/** What runtimes fuse behind an operator at hardly any cost. */
const FUSED_BEHIND: ReadonlySet<string> = new Set(['activation', 'clip', 'leakyRelu', 'hardSigmoid', 'tanh', 'batchNorm', 'add']);

/** What runtimes fuse before an operator: a product with one number. */
const FUSED_BEFORE: ReadonlySet<string> = new Set(['mul', 'div']);

/**
 * The kernel that does the work of a part which is none: without what is fused behind its first operators or before its last, with as many
 * output pixels where the part pads its image otherwise than kernels do (behind a kernel that pads, where the runtime pads first), with a result that is a multiple of the image
 * where a transposed convolution cuts its edges otherwise, of a square image where the part's is not, or of a matrix where rows that are reduced have more axes: a runtime may reach their elements with more steps.
 */
export function nearestKernel(
  part: Part,
  recognise: Recognise,
  lifted: LiftedModel,
  { padsFirst = [] }: Pick<FusionRules, 'padsFirst'>,
): DetectedKernel['nearest'] {
  const left: string[] = [];
  for (let length = part.length; length > 0; length--) {
    const head = part.slice(0, length);
    const differences = left.length > 0 ? [`without the ${left.join(' and ')} behind it`] : [];
    const match = length < part.length ? recognise(head, (node) => node) : undefined;
    if (match !== undefined) return { ...match, differences };
    const padded = recognise(head, withSamePadding);
    if (padded !== undefined) {
      const before = isPaddedFirst((lifted.ops[part[0] as number] as LiftedOp).op, padsFirst)
        ? recognise(part.slice(0, 1), asPadding)
        : undefined;
      const padding = before === undefined ? [] : ['the pad before it'];
      return { ...padded, differences: ['padded to the same output', ...padding, ...differences], ...(before && { before }) };
    }
    const cut = recognise(head, withSameResult);
    if (cut !== undefined) return { ...cut, differences: ['whose result is cut to whole steps', ...differences] };
    const squared = recognise(head, asSquare);
    if (squared !== undefined) return { ...squared, differences: ['of a square image of about as many pixels', ...differences] };
    const flat = recognise(head, asRows);
    if (flat !== undefined) return { ...flat, differences: ['of a matrix of as many rows', ...differences] };
    const computed = recognise(head, withComputedOperand);
    if (computed !== undefined) return { ...computed, differences: ['whose values per channel are computed', ...differences] };
    const together = recognise(head, withChannelsTogether);
    if (together !== undefined) return { ...together, differences: ['of a matrix whose channels lie side by side', ...differences] };
    const { op } = lifted.ops[part[length - 1] as number] as LiftedOp;
    if (!FUSED_BEHIND.has(op.op)) return withoutFirst(part, recognise, lifted);
    left.unshift(op.op === 'activation' ? op.function : op.op);
  }
  return undefined;
}

function withoutFirst(part: Part, recognise: Recognise, lifted: LiftedModel): DetectedKernel['nearest'] {
  const { op } = lifted.ops[part[0] as number] as LiftedOp;
  if (part.length < 2 || !FUSED_BEFORE.has(op.op)) return undefined;
  const match = recognise(part.slice(1), (node) => node);
  return match && { ...match, differences: [`without the ${op.op} before it`] };
}

/** Ops that do as much to every pixel, wherever it lies. */
const BY_PIXEL: ReadonlySet<string> = new Set(['globalAvgPool', 'resize', 'maxPool', 'avgPool', 'add', 'mul', 'sub', 'div', 'activation']);

/** Pixels of an image are so many, within this share, as those that stand for them. */
const SAME_PIXELS = 0.05;

/** An op on images as one on square images of about as many pixels; others as they are. */
function asSquare(node: PartNode): PartNode {
  const { op, inputShapes, outputShapes, constantInputs } = node;
  const [n, height = 0, width = 0, channels = 0] = outputShapes[0] as Shape;
  if (!BY_PIXEL.has(op.op) || outputShapes[0]?.length !== 4) return node;
  const [, inHeight = 0, inWidth = 0] = inputShapes[0] as Shape;
  const side = Math.round(Math.sqrt(op.op === 'globalAvgPool' ? inHeight * inWidth : height * width));
  const pixels = op.op === 'globalAvgPool' ? inHeight * inWidth : height * width;
  if (height === width && inHeight === inWidth) return node;
  if (Math.abs((side * side) / pixels - 1) > SAME_PIXELS) return node;
  const output: Shape = op.op === 'globalAvgPool' ? [n as number, 1, 1, channels] : [n as number, side, side, channels];
  const scale = op.op === 'resize' ? Math.round(height / inHeight) : 1;
  const isWindow = op.op === 'maxPool' || op.op === 'avgPool';
  const strides = isWindow ? op.strides : ([1, 1] as const);
  const toInput = (shape: Shape, at: number): Shape => {
    if (constantInputs.includes(at) || shape.length !== 4) return shape;
    const [batch, h = 0, w = 0, own = 0] = shape;
    if (h === 1 && w === 1 && !isWindow) return shape;
    if (op.op === 'resize') return [batch as number, side / scale, side / scale, own];
    return [batch as number, side * strides[0], side * strides[1], own];
  };
  return {
    ...node,
    op: isWindow ? { ...op, padding: 'same' } : op.op === 'resize' ? ({ ...op, size: [side, side] } as typeof op) : op,
    inputShapes: inputShapes.map(toInput),
    outputShapes: [output, ...outputShapes.slice(1)],
  };
}

/** A reduction of the last axes as one of the rows of a matrix; other nodes as they are. */
function asRows(node: PartNode): PartNode {
  const { op, inputShapes } = node;
  const shape = inputShapes[0] as Shape;
  const axes = reducedAxes(op, shape.length);
  const kept = shape.length - axes.length;
  if (axes.length === 0 || kept < 1 || axes.some((axis) => axis < kept)) return node;
  const [batch, ...rest] = shape.slice(0, kept) as [number, ...number[]];
  const rows = rest.reduce((product, size) => product * size, 1);
  const channels = shape.slice(kept).reduce((product, size) => product * size, 1);
  return {
    ...node,
    op: { ...op, keepDims: false, ...('axes' in op ? { axes: [2] } : { axis: 2 }) } as PartNode['op'],
    inputShapes: [[batch, rows, channels]],
    outputShapes: [[batch, rows]],
  };
}

/** The axes that an op reduces, counted from the front; none for what is no reduction. */
function reducedAxes(op: PartNode['op'], rank: number): readonly number[] {
  if (op.op === 'argMax') return resolveAxes([op.axis], rank);
  return op.op === 'reduceMean' || op.op === 'reduceMax' || op.op === 'reduceSum' ? resolveAxes(op.axes, rank) : [];
}

/** A window over an image as one of the same output whose image is padded to a multiple of its strides; other nodes as they are. */
function withSamePadding(node: PartNode): PartNode {
  const { op, inputShapes, outputShapes } = node;
  if (op.op !== 'conv2d' && op.op !== 'depthwiseConv2d' && op.op !== 'maxPool' && op.op !== 'avgPool') return node;
  const [n, , , channels] = inputShapes[0] as Shape;
  const [, height, width] = outputShapes[0] as Shape;
  const image = [n, (height as number) * op.strides[0], (width as number) * op.strides[1], channels] as Shape;
  return { ...node, op: { ...op, padding: 'same' }, inputShapes: [image, ...inputShapes.slice(1)] };
}

/** Whether a runtime puts zeros around the image before it runs an op, by a kernel of their own. */
function isPaddedFirst(op: PartNode['op'], padsFirst: readonly string[]): boolean {
  return 'padding' in op && typeof op.padding === 'object' && padsFirst.includes(op.op);
}

/** The zeros that a window's padding puts around its image; other nodes as they are. */
function asPadding(node: PartNode): PartNode {
  const { op, inputShapes } = node;
  if (!('padding' in op) || typeof op.padding !== 'object') return node;
  const [n = 1, height = 0, width = 0, channels = 0] = inputShapes[0] as Shape;
  const { top, bottom, left, right } = op.padding;
  const paddings = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ] as const;
  return {
    op: { op: 'pad', inputs: op.inputs.slice(0, 1), outputs: op.outputs, paddings, mode: 'constant', value: 0 },
    inputShapes: inputShapes.slice(0, 1),
    outputShapes: [[n, height + top + bottom, width + left + right, channels]],
    constantInputs: [],
  };
}

/** A transposed convolution of about as many pixels as one whose result is as many times as large as the image as its steps say; other nodes as they are. */
function withSameResult(node: PartNode): PartNode {
  const { op, inputShapes, outputShapes } = node;
  if (op.op !== 'transposedConv2d') return node;
  const [n, height = 0, width = 0] = inputShapes[0] as Shape;
  const [, outHeight = 0, outWidth = 0] = outputShapes[0] as Shape;
  const result = [n, height * op.strides[0], width * op.strides[1], op.filters] as const;
  if (Math.abs((outHeight * outWidth) / (result[1] * result[2]) - 1) > SAME_PIXELS) return node;
  return { ...node, op: { ...op, padding: 'same' }, outputShapes: [result as Shape, ...outputShapes.slice(1)] };
}
