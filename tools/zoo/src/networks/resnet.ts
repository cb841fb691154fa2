import type { Graph } from '@nnm/core';
import { type FeatureMap, NetworkBuilder } from '../network-builder.ts';

type Residual = (b: NetworkBuilder, x: FeatureMap, width: number, strides: number) => FeatureMap;

/** Two 3x3 convolutions, of ResNet-18 and 34. */
export const basicBlock: Residual = (b, x, width, strides) => {
  const inner = b.conv(x, width, { kernelSize: 3, strides, activation: 'relu' });
  return joinShortcut(b, x, b.conv(inner, width, { kernelSize: 3 }), strides);
};

/** 1x1, 3x3, 1x1 convolutions, of ResNet-50; the stride is in the 3x3 ("v1.5"), as in torchvision. */
export const bottleneck: Residual = (b, x, width, strides) => {
  const narrow = b.conv(x, width, { kernelSize: 1, activation: 'relu' });
  const inner = b.conv(narrow, width, { kernelSize: 3, strides, activation: 'relu' });
  return joinShortcut(b, x, b.conv(inner, 4 * width, { kernelSize: 1 }), strides);
};

function joinShortcut(b: NetworkBuilder, x: FeatureMap, residual: FeatureMap, strides: number): FeatureMap {
  const keeps = strides === 1 && x.channels === residual.channels;
  const shortcut = keeps ? x : b.conv(x, residual.channels, { kernelSize: 1, strides, padding: 0 });
  return b.activation(b.add(residual, shortcut), 'relu');
}

/**
 * ResNet as torchvision has it.
 *
 * @param repeats - residual blocks per stage
 */
export function resnet(name: string, batchSize: number, inputSize: number, repeats: readonly number[], block: Residual): Graph {
  const b = new NetworkBuilder(name);
  return b.build(b.dense(b.globalPool(resnetFeatures(b, batchSize, inputSize, repeats, block)), 1000));
}

/** ResNet without its classifier. */
export function resnetFeatures(
  b: NetworkBuilder,
  batchSize: number,
  inputSize: number,
  repeats: readonly number[],
  block: Residual,
): FeatureMap {
  let x = b.conv(b.input(batchSize, inputSize), 64, { kernelSize: 7, strides: 2, activation: 'relu' });
  x = b.maxPool(x, { kernelSize: 3, strides: 2 });
  repeats.forEach((count, stage) => {
    for (let index = 0; index < count; index++) x = block(b, x, 64 << stage, stage > 0 && index === 0 ? 2 : 1);
  });
  return x;
}
