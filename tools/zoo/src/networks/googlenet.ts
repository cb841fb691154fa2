import type { Graph } from '@nnm/core';
import { type FeatureMap, NetworkBuilder } from '../network-builder.ts';

/** Filters of one inception module: 1x1; 3x3 with its reduction; "5x5" with its reduction; after pooling. */
type Inception = readonly [one: number, threeReduce: number, three: number, fiveReduce: number, five: number, pool: number];

const STAGES: readonly (readonly Inception[])[] = [
  [
    [64, 96, 128, 16, 32, 32],
    [128, 128, 192, 32, 96, 64],
  ],
  [
    [192, 96, 208, 16, 48, 64],
    [160, 112, 224, 24, 64, 64],
    [128, 128, 256, 24, 64, 64],
    [112, 144, 288, 32, 64, 64],
    [256, 160, 320, 32, 128, 128],
  ],
  [
    [256, 160, 320, 32, 128, 128],
    [384, 192, 384, 48, 128, 128],
  ],
];

/**
 * GoogLeNet as torchvision has it: with batch normalisation, without the training-time classifiers, and with 3x3 convolutions
 * where the paper has 5x5 (as the released weights do).
 */
export function googlenet(name: string, batchSize: number, inputSize: number): Graph {
  const b = new NetworkBuilder(name, { padding: 'symmetric', epsilon: 1e-3 });
  const pool = (x: FeatureMap, kernelSize: number): FeatureMap => b.maxPool(x, { kernelSize, strides: 2, padding: 0, ceilMode: true });
  let x = b.conv(b.input(batchSize, inputSize), 64, { kernelSize: 7, strides: 2, activation: 'relu' });
  x = b.conv(pool(x, 3), 64, { kernelSize: 1, activation: 'relu' });
  x = b.conv(x, 192, { kernelSize: 3, activation: 'relu' });
  x = pool(x, 3);
  STAGES.forEach((modules, stage) => {
    if (stage > 0) x = pool(x, stage === 1 ? 3 : 2);
    for (const filters of modules) x = inception(b, x, filters);
  });
  return b.build(b.dense(b.globalPool(x), 1000));
}

function inception(b: NetworkBuilder, x: FeatureMap, [one, threeReduce, three, fiveReduce, five, pool]: Inception): FeatureMap {
  const conv = (from: FeatureMap, filters: number, kernelSize: number): FeatureMap =>
    b.conv(from, filters, { kernelSize, activation: 'relu' });
  return b.concat([
    conv(x, one, 1),
    conv(conv(x, threeReduce, 1), three, 3),
    conv(conv(x, fiveReduce, 1), five, 3),
    conv(b.maxPool(x, { kernelSize: 3 }), pool, 1),
  ]);
}
