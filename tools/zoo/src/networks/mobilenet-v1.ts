import type { ActivationFunction, Graph } from '@nnm/core';
import { type FeatureMap, NetworkBuilder } from '../network-builder.ts';

/** Filters and stride of the depthwise-separable blocks at width 1. */
const BLOCKS: readonly (readonly [filters: number, strides: number])[] = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
];

/** MobileNet v1 as Keras has it. */
export function mobilenetV1(name: string, batchSize: number, inputSize: number, width: number): Graph {
  const b = new NetworkBuilder(name, { padding: 'tensorflow', epsilon: 1e-3 });
  return b.build(b.dense(b.globalPool(separableBlocks(b, b.input(batchSize, inputSize), width, 'relu6')), 1000));
}

/** MobileNet v1 without its classifier. */
export function separableBlocks(b: NetworkBuilder, image: FeatureMap, width: number, activation: ActivationFunction): FeatureMap {
  let x = b.conv(image, 32 * width, { kernelSize: 3, strides: 2, activation });
  for (const [filters, strides] of BLOCKS) {
    x = b.depthwise(x, { kernelSize: 3, strides, activation });
    x = b.conv(x, filters * width, { kernelSize: 1, activation });
  }
  return x;
}
