import type { Padding, Shape, Size2d } from '@nnm/core';
import type { Rules, Saying, TensorFlowNode } from '../tensorflow-node.ts';

/** Dilation where it is not 1. */
function dilation(node: TensorFlowNode): { readonly dilation?: Size2d } {
  const [h, w] = node.pair('dilation_h_factor', 'dilation_w_factor');
  return h === 1 && w === 1 ? {} : { dilation: [h, w] };
}

const windowOf = ([, height, width]: Shape): Size2d => [height!, width!];

/** Weights `[filters, h, w, c / groups]`. */
function convolution(node: TensorFlowNode): Saying {
  const weights = node.weights(1);
  const [, , , channels] = node.image(0);
  const groups = channels / weights[3]!;
  if (weights.length !== 4 || !Number.isInteger(groups)) node.gap(`has weights [${weights.join(', ')}] for ${channels} channels`);
  const window = { kernelSize: windowOf(weights), strides: node.strides, padding: node.padding };
  return { op: 'conv2d', filters: weights[0]!, ...window, groups, useBias: node.has(2), ...dilation(node) };
}

/** Weights `[1, h, w, c * multiplier]`. */
function depthwise(node: TensorFlowNode): Saying {
  const weights = node.weights(1);
  const [, , , channels] = node.image(0);
  const depthMultiplier = weights[3]! / channels;
  if (weights.length !== 4 || !Number.isInteger(depthMultiplier)) node.gap(`has weights [${weights.join(', ')}] for ${channels} channels`);
  return {
    op: 'depthwiseConv2d',
    kernelSize: windowOf(weights),
    strides: node.strides,
    padding: node.padding,
    useBias: node.has(2),
    ...dilation(node),
    ...(depthMultiplier !== 1 && { depthMultiplier }),
  };
}

/** What a transposed convolution is made from, however its operator orders it. */
interface Transposed {
  readonly image: number;
  readonly weights: number;
  readonly bias: number;
  readonly strides: Size2d;
  readonly scheme: 'same' | 'valid';
}

/** Weights `[filters, h, w, c]`; a size that is neither scheme's own comes from pixels that are cut off. */
function transposed(node: TensorFlowNode, { image, weights, bias, strides, scheme }: Transposed, size: Size2d): Saying {
  const shape = node.weights(weights);
  const [, height, width] = node.image(image);
  const kernelSize = windowOf(shape);
  const [top, bottom] = cutOff(node, height * strides[0], height, kernelSize[0], strides[0], size[0], scheme);
  const [left, right] = cutOff(node, width * strides[1], width, kernelSize[1], strides[1], size[1], scheme);
  const isScheme =
    scheme === 'same'
      ? size[0] === height * strides[0] && size[1] === width * strides[1]
      : [top, bottom, left, right].every((pixels) => pixels === 0);
  const padding: Padding = isScheme ? scheme : { top, bottom, left, right };
  return {
    op: 'transposedConv2d',
    inputs: [node.input(image)],
    filters: shape[0]!,
    kernelSize,
    strides,
    padding,
    useBias: node.has(bias),
  };
}

/** Pixels cut off before and after, as the kernel's own rule has it: half of what is too much before, the rest after. */
function cutOff(
  node: TensorFlowNode,
  whole: number,
  input: number,
  kernel: number,
  stride: number,
  output: number,
  scheme: 'same' | 'valid',
): readonly [number, number] {
  const total = (input - 1) * stride + kernel - output;
  if (total < 0 && !(scheme === 'same' && output === whole)) node.gap(`makes ${output} pixels of ${input}, more than its window reaches`);
  const before = scheme === 'valid' ? 0 : Math.max(0, Math.floor(total / 2));
  return [before, Math.max(0, total - before)];
}

function transposeConv(node: TensorFlowNode): Saying {
  const size = node.tensor(0).values ?? node.outputShape() ?? node.gap('has a size that is computed at run time');
  const { strides, padding } = node;
  const scheme = padding === 'same' ? 'same' : 'valid';
  return transposed(node, { image: 2, weights: 1, bias: 3, strides, scheme }, [size[1]!, size[2]!]);
}

/** MediaPipe's own operator: its options are the structure of the builtin one, padding (1 for the same, 2 for valid) and strides. */
function transposeConvBias(node: TensorFlowNode): Saying {
  const bytes = Uint8Array.from(node.list('custom_options'));
  if (bytes.length < 12) node.gap('has options of an unknown form');
  const view = new DataView(bytes.buffer);
  const [padding, width, height] = [0, 4, 8].map((at) => view.getInt32(at, true)) as [number, number, number];
  if (padding < 1 || padding > 2 || width < 1 || height < 1) node.gap('has options of an unknown form');
  const [, h, w] = node.image(0);
  const [, kernelHeight, kernelWidth] = node.weights(1) as readonly [number, number, number];
  const scheme = padding === 1 ? 'same' : 'valid';
  const own: Size2d = scheme === 'same' ? [h * height, w * width] : [(h - 1) * height + kernelHeight, (w - 1) * width + kernelWidth];
  const size = node.outputShape()?.slice(1, 3) ?? own;
  return transposed(node, { image: 0, weights: 1, bias: 2, strides: [height, width], scheme }, size as unknown as Size2d);
}

export const convolutionRules: Rules = {
  CONV_2D: convolution,
  DEPTHWISE_CONV_2D: depthwise,
  TRANSPOSE_CONV: transposeConv,
  'custom::Convolution2DTransposeBias': transposeConvBias,
};
