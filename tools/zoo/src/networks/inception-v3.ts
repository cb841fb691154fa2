import type { Graph, Size2d } from '@nnm/core';
import { type FeatureMap, NetworkBuilder } from '../network-builder.ts';

/** Inception v3 as torchvision has it, without the training-time classifier: windows of 1x7 and 7x1, 1x3 and 3x1. */
export function inceptionV3(name: string, batchSize: number, inputSize: number): Graph {
  const b = new NetworkBuilder(name, { padding: 'symmetric', epsilon: 1e-3 });
  const conv = (x: FeatureMap, filters: number, kernelSize: number | Size2d): FeatureMap =>
    b.conv(x, filters, { kernelSize, activation: 'relu' });
  const shrink = (x: FeatureMap, filters: number): FeatureMap =>
    b.conv(x, filters, { kernelSize: 3, strides: 2, padding: 0, activation: 'relu' });
  const halve = (x: FeatureMap): FeatureMap => b.maxPool(x, { kernelSize: 3, strides: 2, padding: 0 });
  const pooled = (x: FeatureMap, filters: number): FeatureMap => conv(b.avgPool(x, { kernelSize: 3 }), filters, 1);

  let x = shrink(b.input(batchSize, inputSize), 32);
  x = b.conv(x, 32, { kernelSize: 3, padding: 0, activation: 'relu' });
  x = halve(conv(x, 64, 3));
  x = halve(b.conv(conv(x, 80, 1), 192, { kernelSize: 3, padding: 0, activation: 'relu' }));
  for (const poolFilters of [32, 64, 64]) {
    x = b.concat([conv(x, 64, 1), conv(conv(x, 48, 1), 64, 5), conv(conv(conv(x, 64, 1), 96, 3), 96, 3), pooled(x, poolFilters)]);
  }
  x = b.concat([shrink(x, 384), shrink(conv(conv(x, 64, 1), 96, 3), 96), halve(x)]);
  for (const narrow of [128, 160, 160, 192]) {
    const once = conv(conv(conv(x, narrow, 1), narrow, [1, 7]), 192, [7, 1]);
    const twice = conv(conv(conv(conv(conv(x, narrow, 1), narrow, [7, 1]), narrow, [1, 7]), narrow, [7, 1]), 192, [1, 7]);
    x = b.concat([conv(x, 192, 1), once, twice, pooled(x, 192)]);
  }
  const long = conv(conv(conv(x, 192, 1), 192, [1, 7]), 192, [7, 1]);
  x = b.concat([shrink(conv(x, 192, 1), 320), shrink(long, 192), halve(x)]);
  for (let module = 0; module < 2; module++) {
    const crossed = (y: FeatureMap): FeatureMap => b.concat([conv(y, 384, [1, 3]), conv(y, 384, [3, 1])]);
    x = b.concat([conv(x, 320, 1), crossed(conv(x, 384, 1)), crossed(conv(conv(x, 448, 1), 384, 3)), pooled(x, 192)]);
  }
  return b.build(b.dense(b.globalPool(x), 1000));
}
