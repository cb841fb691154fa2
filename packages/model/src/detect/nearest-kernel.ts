import type { Shape } from '@nnm/core';
import type { DetectedKernel, LiftedModel, LiftedOp } from '../lift/lifted-model.ts';
import type { Part } from './find-parts.ts';
import type { PartNode } from './part-node.ts';
import type { Match } from './recognise.ts';

/** Names the kernel that some of a part's ops are, each changed first. */
type Recognise = (ops: Part, change: (node: PartNode) => PartNode) => Match | undefined;

/** What runtimes fuse behind an operator at hardly any cost. */
const FUSED_BEHIND: ReadonlySet<string> = new Set(['activation', 'clip', 'leakyRelu', 'hardSigmoid', 'tanh', 'batchNorm', 'add']);

/**
 * The kernel that does the work of a part which is none: without what is fused behind its first operators, or with as many output pixels
 * where the part pads its image otherwise than kernels do.
 */
export function nearestKernel(part: Part, recognise: Recognise, lifted: LiftedModel): DetectedKernel['nearest'] {
  const left: string[] = [];
  for (let length = part.length; length > 0; length--) {
    const head = part.slice(0, length);
    const differences = left.length > 0 ? [`without the ${left.join(' and ')} behind it`] : [];
    const match = length < part.length ? recognise(head, (node) => node) : undefined;
    if (match !== undefined) return { ...match, differences };
    const padded = recognise(head, withSamePadding);
    if (padded !== undefined) return { ...padded, differences: ['padded to the same output', ...differences] };
    const { op } = lifted.ops[part[length - 1] as number] as LiftedOp;
    if (!FUSED_BEHIND.has(op.op)) return undefined;
    left.unshift(op.op === 'activation' ? op.function : op.op);
  }
  return undefined;
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
