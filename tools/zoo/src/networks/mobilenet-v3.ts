import type { Graph } from '@nnm/core';
import { invertedResidual, roundChannels } from '../inverted-residual.ts';
import { type FeatureMap, NetworkBuilder } from '../network-builder.ts';

type Block = readonly [kernelSize: number, expanded: number, filters: number, withSqueeze: boolean, fn: 'relu' | 'hswish', strides: number];

/** Blocks as in tables 1 and 2 of the paper, filters of the last convolution and of the hidden layer of the classifier. */
const VARIANTS: Readonly<Record<'large' | 'small', { blocks: readonly Block[]; last: number; hidden: number }>> = {
  large: {
    blocks: [
      [3, 16, 16, false, 'relu', 1],
      [3, 64, 24, false, 'relu', 2],
      [3, 72, 24, false, 'relu', 1],
      [5, 72, 40, true, 'relu', 2],
      [5, 120, 40, true, 'relu', 1],
      [5, 120, 40, true, 'relu', 1],
      [3, 240, 80, false, 'hswish', 2],
      [3, 200, 80, false, 'hswish', 1],
      [3, 184, 80, false, 'hswish', 1],
      [3, 184, 80, false, 'hswish', 1],
      [3, 480, 112, true, 'hswish', 1],
      [3, 672, 112, true, 'hswish', 1],
      [5, 672, 160, true, 'hswish', 2],
      [5, 960, 160, true, 'hswish', 1],
      [5, 960, 160, true, 'hswish', 1],
    ],
    last: 960,
    hidden: 1280,
  },
  small: {
    blocks: [
      [3, 16, 16, true, 'relu', 2],
      [3, 72, 24, false, 'relu', 2],
      [3, 88, 24, false, 'relu', 1],
      [5, 96, 40, true, 'hswish', 2],
      [5, 240, 40, true, 'hswish', 1],
      [5, 240, 40, true, 'hswish', 1],
      [5, 120, 48, true, 'hswish', 1],
      [5, 144, 48, true, 'hswish', 1],
      [5, 288, 96, true, 'hswish', 2],
      [5, 576, 96, true, 'hswish', 1],
      [5, 576, 96, true, 'hswish', 1],
    ],
    last: 576,
    hidden: 1024,
  },
};

/**
 * Everything before the classifier, the last 1x1 convolution included.
 *
 * @param dilated - the last blocks see twice as far instead of halving the image, for segmentation
 */
export function mobilenetV3Features(b: NetworkBuilder, image: FeatureMap, variant: keyof typeof VARIANTS, dilated = false): FeatureMap {
  const { blocks, last } = VARIANTS[variant];
  const dilatedFrom = dilated ? blocks.length - 3 : blocks.length;
  let x = b.conv(image, 16, { kernelSize: 3, strides: 2, activation: 'hswish' });
  blocks.forEach(([kernelSize, expanded, filters, withSqueeze, activation, strides], index) => {
    x = invertedResidual(b, x, {
      filters,
      kernelSize,
      ...(index < dilatedFrom ? { strides } : { strides: 1, dilation: 2 }),
      expanded,
      activation,
      ...(withSqueeze && { squeezeExcite: { squeezed: roundChannels(expanded / 4), activation: 'relu', gate: 'hsigmoid' } }),
    });
  });
  return b.conv(x, last, { kernelSize: 1, activation: 'hswish' });
}

/** MobileNet v3 (width 1) as torchvision has it. */
export function mobilenetV3(name: string, batchSize: number, inputSize: number, variant: keyof typeof VARIANTS): Graph {
  const b = new NetworkBuilder(name, { padding: 'symmetric', epsilon: 1e-3 });
  const x = mobilenetV3Features(b, b.input(batchSize, inputSize), variant);
  return b.build(b.dense(b.dense(b.globalPool(x), VARIANTS[variant].hidden, 'hswish'), 1000));
}
