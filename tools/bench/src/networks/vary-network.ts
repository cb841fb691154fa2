import { type Graph, inferShapes, NnmError, type Op, type Size2d } from '@nnm/core';

/** How a network differs from the published one. */
export interface Variation {
  /** Channels of every convolution are so many times as many, in multiples of 8. */
  readonly width: number;
  /** Windows of 3x3 pixels become so large. */
  readonly window: 3 | 5 | 7;
}

/** Channels that convolutions have in multiples of. */
const CHANNELS = 8;

/**
 * A network with other widths and windows than it was published with; undefined where that is no network any more, such as channels that
 * its groups do not divide.
 */
export function varyNetwork(graph: Graph, { width, window }: Variation): Graph | undefined {
  const varied = { ...graph, ops: graph.ops.map((op) => withWindow(withWidth(op, width), window)) };
  try {
    inferShapes(varied);
    return varied;
  } catch (error) {
    if (NnmError.isInstance(error)) return undefined;
    throw error;
  }
}

function withWidth(op: Op, width: number): Op {
  if (op.op !== 'conv2d' || width === 1) return op;
  return { ...op, filters: CHANNELS * Math.max(1, Math.round((op.filters * width) / CHANNELS)) };
}

function withWindow(op: Op, window: Variation['window']): Op {
  if ((op.op !== 'conv2d' && op.op !== 'depthwiseConv2d') || window === 3 || op.kernelSize.some((size) => size !== 3)) return op;
  const more = (window - 3) / 2;
  const [vertical, horizontal] = (op.dilation ?? [1, 1]).map((distance) => distance * more) as [number, number];
  const { padding } = op;
  const kernelSize: Size2d = [window, window];
  if (typeof padding === 'string') return { ...op, kernelSize };
  const { top, bottom, left, right } = padding;
  const wider = { top: top + vertical, bottom: bottom + vertical, left: left + horizontal, right: right + horizontal };
  return { ...op, kernelSize, padding: wider };
}
