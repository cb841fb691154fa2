import {
  type Conv2dOp,
  type DepthwiseConv2dOp,
  dilatedSize,
  type Padding,
  type Padding2d,
  resolvePadding,
  type Size2d,
  UnsupportedOperatorError,
  windowOutputSize,
} from '@nnm/core';
import { type Attrs, ints, text } from '../graph-model/graph-def.ts';
import type { NodeRef } from '../graph-model/graph-model-builder.ts';
import type { OpWriter } from './op-writer.ts';

/** Numbers per axis of `[n, h, w, c]`. */
export const perAxis = ([h, w]: Size2d): readonly number[] => [1, h, w, 1];

/** A window over an image. */
interface Window {
  readonly kernelSize: Size2d;
  readonly strides: Size2d;
  readonly padding: Padding;
}

/** How a window's padding is written: as a scheme of the node, or as pixels put round its input first. */
export function lowerPadding(
  { padding, kernelSize, strides }: Window,
  size: Size2d,
): { readonly scheme: 'SAME' | 'VALID'; readonly pixels?: Padding2d } {
  if (padding === 'valid') return { scheme: 'VALID' };
  const pixels = resolvePadding(padding, 'tensorflow', size, kernelSize, strides);
  const output = windowOutputSize(padding, size, kernelSize, strides);
  const schemes = skipsPixels(size, kernelSize, strides, output) ? (['valid'] as const) : (['same', 'valid'] as const);
  for (const scheme of schemes) {
    const own = resolvePadding(scheme, 'tensorflow', size, kernelSize, strides);
    const ownOutput = windowOutputSize(scheme, size, kernelSize, strides);
    // What lies after the last window does not matter, so bottom and right may differ.
    if (own.top === pixels.top && own.left === pixels.left && ownOutput.join() === output.join()) {
      return { scheme: scheme === 'same' ? 'SAME' : 'VALID' };
    }
  }
  return { scheme: 'VALID', pixels };
}

/**
 * True when windows further apart than they are wide leave pixels over after the last one. `SAME` needs no padding there, but the XNNPACK
 * of TensorFlow.js's WebAssembly computes a negative amount of it and reads nothing but padding: 3x3 with stride 4 on 56x56, say.
 */
function skipsPixels(size: Size2d, kernelSize: Size2d, strides: Size2d, output: Size2d): boolean {
  return [0, 1].some((axis) => (output[axis]! - 1) * strides[axis]! + kernelSize[axis]! < size[axis]!);
}

/** Zeros round an image, or another number: `Pad`, `PadV2`. */
export function padImage(writer: OpWriter, { top, bottom, left, right }: Padding2d, value = 0): NodeRef {
  const pixels = writer.paddings([
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
  return value === 0 ? writer.step('Pad', [writer.x, pixels]) : writer.step('PadV2', [writer.x, pixels, writer.scalar(value)]);
}

/** The input of a convolution, with zeros round it where the node's own schemes do not say it, and what all convolutions say. */
export function convWindow(writer: OpWriter, op: Conv2dOp | DepthwiseConv2dOp): { readonly x: NodeRef; readonly attrs: Attrs } {
  const [, h, w] = writer.shape() as readonly [number, number, number];
  // The pixels of one pixel are no distance apart.
  const dilations = (op.dilation ?? [1, 1]).map((distance, axis) => (op.kernelSize[axis] === 1 ? 1 : distance)) as unknown as Size2d;
  if (Math.max(...op.strides) > 1 && Math.max(...dilations) > 1) {
    const { backend, graph } = writer.context;
    const reason = `TensorFlow.js takes strides or dilation, not both, and this has [${op.strides.join(', ')}] and [${dilations.join(', ')}]`;
    throw new UnsupportedOperatorError({ backend, graph: graph.name, operator: op.op, reason });
  }
  const { scheme, pixels } = lowerPadding({ ...op, kernelSize: dilatedSize(op.kernelSize, op.dilation) }, [h, w]);
  return {
    x: pixels === undefined ? writer.x : padImage(writer, pixels),
    attrs: {
      data_format: text('NHWC'),
      dilations: ints(perAxis(dilations)),
      explicit_paddings: ints([]),
      padding: text(scheme),
      strides: ints(perAxis(op.strides)),
    },
  };
}
