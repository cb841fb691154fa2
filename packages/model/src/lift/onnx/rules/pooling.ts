import type { Padding2d, Size2d } from '@nnm/core';
import type { NodeView } from '../node-view.ts';
import type { Rules, Sentence } from '../rule.ts';
import { imageSize, type NodeWindow, namePadding, nodeWindow } from '../window.ts';

/**
 * A pooling. With `ceil_mode`, the pixels that the last window reaches beyond the padded image are padding too. Averages that count padded pixels
 * (`count_include_pad`) are said as those that do not: they read the same pixels and differ in a divisor.
 */
function sayPool(node: NodeView, op: 'maxPool' | 'avgPool'): Sentence {
  const size = imageSize(node);
  const kernel = node.ints('kernel_shape') ?? node.wrong('has no kernel_shape');
  const window = nodeWindow(node, size, kernel);
  if (Math.max(...window.dilation) > 1) node.gap(`${node.operator} with dilation has no equivalent in nnm`);
  if (op === 'maxPool' && node.usesOutput(1)) node.gap('MaxPool with indices has no equivalent in nnm');
  const isExplicit = ['NOTSET', ''].includes(node.text('auto_pad', 'NOTSET'));
  const padding = node.number('ceil_mode', 0) === 1 && isExplicit ? roundUp(window, size) : window.padding;
  const { kernelSize, strides } = window;
  return { op: { op, kernelSize, strides, padding: namePadding(padding, size, window) }, inputs: [node.operand(0)] };
}

function roundUp({ kernelSize, strides, padding: { top, bottom, left, right } }: NodeWindow, size: Size2d): Padding2d {
  return {
    top,
    left,
    bottom: endOf(size[0], top, bottom, kernelSize[0], strides[0]),
    right: endOf(size[1], left, right, kernelSize[1], strides[1]),
  };
}

/** Padding at the end that gives the rounded-up output size; a window that would start in it is left out. */
function endOf(size: number, before: number, after: number, kernel: number, stride: number): number {
  const steps = (end: number): number => Math.floor((size + before + end - kernel) / stride);
  const rounded = Math.ceil((size + before + after - kernel) / stride);
  const last = rounded * stride >= size + before ? rounded - 1 : rounded;
  return steps(after) === last ? after : Math.max(0, last * stride + kernel - size - before);
}

function sayGlobal(node: NodeView): Sentence {
  imageSize(node);
  return { op: { op: 'globalAvgPool', keepDims: true }, inputs: [node.operand(0)] };
}

function sayGlobalMax(node: NodeView): Sentence {
  imageSize(node);
  return { op: { op: 'reduceMax', axes: [1, 2], keepDims: true }, inputs: [node.operand(0)] };
}

export const POOLINGS: Rules = {
  MaxPool: { layout: 'image', say: (node) => sayPool(node, 'maxPool') },
  AveragePool: { layout: 'image', say: (node) => sayPool(node, 'avgPool') },
  GlobalAveragePool: { layout: 'image', say: sayGlobal },
  'nnm::GlobalAveragePool': {
    layout: 'image',
    say: (node) => ({ op: { op: 'globalAvgPool', keepDims: false }, inputs: [node.operand(0)], plainOutputs: true }),
  },
  GlobalMaxPool: { layout: 'image', say: sayGlobalMax },
};
