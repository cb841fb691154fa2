import { type Padding2d, resolveTransposedPadding, type Size2d } from '@nnm/core';
import type { NodeView } from '../node-view.ts';
import type { Rules, Sentence } from '../rule.ts';
import { imageSize, isSamePadding, namePadding, nodeWindow, padsOf, toSize } from '../window.ts';

/** Weights are `[filters, c / groups, ...kernel]`. */
function sayConv(node: NodeView): Sentence {
  const size = imageSize(node);
  node.needConstant(1, 'filters');
  const channels = node.shape(0)[1] as number;
  const [filters, perGroup, ...kernel] = node.shape(1) as readonly [number, number, ...number[]];
  const groups = node.number('group', 1);
  const window = nodeWindow(node, size, kernel);
  if (perGroup * groups !== channels || kernel.length !== node.shape(0).length - 2) {
    node.wrong(`has weights of the shape [${node.shape(1).join(', ')}] for ${channels} channels in ${groups} groups`);
  }
  const common = {
    kernelSize: window.kernelSize,
    strides: window.strides,
    padding: namePadding(window.padding, size, window),
    useBias: node.has(2),
    ...(Math.max(...window.dilation) > 1 && { dilation: window.dilation }),
  };
  const inputs = [node.operand(0)];
  if (groups > 1 && groups === channels && filters % channels === 0) {
    const depthMultiplier = filters / channels;
    return { op: { op: 'depthwiseConv2d', ...common, ...(depthMultiplier > 1 && { depthMultiplier }) }, inputs };
  }
  return { op: { op: 'conv2d', ...common, filters, groups }, inputs };
}

/** Weights are `[c, filters, ...kernel]`. */
function sayConvTranspose(node: NodeView): Sentence {
  const size = imageSize(node);
  node.needConstant(1, 'filters');
  const [, filters, ...kernel] = node.shape(1) as readonly [number, number, ...number[]];
  if (node.number('group', 1) !== 1) node.gap('ConvTranspose in groups has no equivalent in nnm');
  const { kernelSize, strides, dilation } = nodeWindow(node, size, kernel);
  if (Math.max(...dilation) > 1) node.gap('ConvTranspose with dilation has no equivalent in nnm');
  const cut = transposedCut(node, size, kernelSize, strides, kernel.length);
  const same = resolveTransposedPadding('same', 'torch', kernelSize, strides);
  if (!isSamePadding(cut, same) && Math.min(cut.top, cut.bottom, cut.left, cut.right) < 0) {
    node.gap('ConvTranspose with such an output_padding has no equivalent in nnm');
  }
  const isNone = isSamePadding(cut, { top: 0, bottom: 0, left: 0, right: 0 });
  const padding = isSamePadding(cut, same) ? 'same' : isNone ? 'valid' : cut;
  return {
    op: { op: 'transposedConv2d', filters, kernelSize, strides, padding, useBias: node.has(2) },
    inputs: [node.operand(0)],
  };
}

/** Pixels that are cut off the full result; negative ones, at the end, are added. */
function transposedCut(node: NodeView, size: Size2d, kernelSize: Size2d, strides: Size2d, axes: number): Padding2d {
  const given = node.ints('output_shape') ?? [];
  const autoPad = node.text('auto_pad', 'NOTSET');
  const full: Size2d = [(size[0] - 1) * strides[0] + kernelSize[0], (size[1] - 1) * strides[1] + kernelSize[1]];
  if (given.length > 0 || autoPad.startsWith('SAME')) {
    const wanted = given.length > 0 ? toSize(given.slice(-axes), 1) : ([size[0] * strides[0], size[1] * strides[1]] as const);
    const isUpper = autoPad === 'SAME_UPPER';
    const [top, bottom] = halves(full[0] - wanted[0], isUpper);
    const [left, right] = halves(full[1] - wanted[1], isUpper);
    return { top, bottom, left, right };
  }
  const { top, bottom, left, right } = padsOf(node, axes);
  const added = node.ints('output_padding') ?? [];
  const [y, x] = added.length === 0 ? [0, 0] : toSize(added, 0);
  return { top, left, bottom: bottom - y, right: right - x };
}

/** `SAME_UPPER` has the odd pixel at the end, everything else at the beginning. */
function halves(total: number, isUpper: boolean): readonly [number, number] {
  const before = Math.max(0, isUpper ? Math.floor(total / 2) : total - Math.floor(total / 2));
  return [before, total - before];
}

export const CONVOLUTIONS: Rules = {
  Conv: { layout: 'image', say: sayConv },
  ConvTranspose: { layout: 'image', say: sayConvTranspose },
};
