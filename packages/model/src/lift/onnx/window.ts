import { dilatedSize, type Padding, type Padding2d, resolvePadding, type Shape, type Size2d } from '@nnm/core';
import type { NodeView } from './node-view.ts';

/** A window as a node has it, of one axis `[1, k]`. */
export interface NodeWindow {
  readonly kernelSize: Size2d;
  readonly strides: Size2d;
  readonly dilation: Size2d;
  readonly padding: Padding2d;
}

/** Sizes per axis as those of an image; a sequence is one of height 1. */
export function toSize(sizes: readonly number[], added: number): Size2d {
  return sizes.length === 1 ? [added, sizes[0] as number] : [sizes[0] as number, sizes[1] as number];
}

/** Height and width of a node's input; only images and sequences have them. */
export function imageSize(node: NodeView): Size2d {
  const shape = node.shape(0);
  if (shape.length === 3 || shape.length === 4) return toSize(shape.slice(2), 1);
  return node.gap(`${node.operator} over ${shape.length - 2} axes has no equivalent in nnm`);
}

/** The window of a node that moves over an image. */
export function nodeWindow(node: NodeView, size: Size2d, kernel: Shape): NodeWindow {
  const list = (name: string, fallback: number): readonly number[] => {
    const given = node.ints(name) ?? [];
    return given.length === 0 ? kernel.map(() => fallback) : given;
  };
  const kernelSize = toSize(kernel, 1);
  const strides = toSize(list('strides', 1), 1);
  const dilation = toSize(list('dilations', 1), 1);
  return { kernelSize, strides, dilation, padding: nodePadding(node, size, dilatedSize(kernelSize, dilation), strides, kernel.length) };
}

function nodePadding(node: NodeView, size: Size2d, span: Size2d, strides: Size2d, axes: number): Padding2d {
  switch (node.text('auto_pad', 'NOTSET')) {
    case 'SAME_UPPER':
      return resolvePadding('same', 'tensorflow', size, span, strides);
    case 'SAME_LOWER': {
      const { top, bottom, left, right } = resolvePadding('same', 'tensorflow', size, span, strides);
      return { top: bottom, bottom: top, left: right, right: left };
    }
    case 'VALID':
      return resolvePadding('valid', 'torch', size, span, strides);
    default:
      return padsOf(node, axes);
  }
}

/** The attribute `pads`, all beginnings before all ends. */
export function padsOf(node: NodeView, axes: number): Padding2d {
  const given = node.ints('pads') ?? [];
  const pads = given.length === 0 ? Array<number>(2 * axes).fill(0) : given;
  const [top, left] = toSize(pads.slice(0, axes), 0);
  const [bottom, right] = toSize(pads.slice(axes), 0);
  if (Math.min(top, left, bottom, right) < 0) node.gap(`${node.operator} with negative padding has no equivalent in nnm`);
  return { top, bottom, left, right };
}

/** The word for explicit pixels where there is one: `same` when they are PyTorch's, `valid` when there are none. */
export function namePadding(padding: Padding2d, size: Size2d, { kernelSize, strides, dilation }: Omit<NodeWindow, 'padding'>): Padding {
  const same = resolvePadding('same', 'torch', size, dilatedSize(kernelSize, dilation), strides) as Padding2d;
  if (isSamePadding(padding, same)) return 'same';
  return isSamePadding(padding, NONE) ? 'valid' : padding;
}

const NONE: Padding2d = { top: 0, bottom: 0, left: 0, right: 0 };

export const isSamePadding = (a: Padding2d, b: Padding2d): boolean =>
  a.top === b.top && a.bottom === b.bottom && a.left === b.left && a.right === b.right;
