import type { Graph } from '@nnm/core';
import { type FeatureMap, NetworkBuilder } from '../network-builder.ts';

/** Squeeze filters of the fire modules, a pooling before each group but none within; expand filters are 4 times as many each way. */
const GROUPS = {
  '1.0': { stem: { filters: 96, kernelSize: 7 }, fires: [[16, 16, 32], [32, 48, 48, 64], [64]] },
  '1.1': {
    stem: { filters: 64, kernelSize: 3 },
    fires: [
      [16, 16],
      [32, 32],
      [48, 48, 64, 64],
    ],
  },
} as const;

/** SqueezeNet as torchvision has it. */
export function squeezenet(name: string, batchSize: number, inputSize: number, version: keyof typeof GROUPS): Graph {
  const { stem, fires } = GROUPS[version];
  const b = new NetworkBuilder(name);
  let x = b.conv(b.input(batchSize, inputSize), stem.filters, {
    kernelSize: stem.kernelSize,
    strides: 2,
    padding: 0,
    batchNorm: false,
    activation: 'relu',
  });
  for (const group of fires) {
    x = b.maxPool(x, { kernelSize: 3, strides: 2, padding: 0, ceilMode: true });
    for (const squeeze of group) x = fire(b, x, squeeze);
  }
  return b.build(b.globalPool(b.conv(x, 1000, { kernelSize: 1, batchNorm: false, activation: 'relu' })));
}

function fire(b: NetworkBuilder, x: FeatureMap, squeeze: number): FeatureMap {
  const conv = (from: FeatureMap, filters: number, kernelSize: number): FeatureMap =>
    b.conv(from, filters, { kernelSize, batchNorm: false, activation: 'relu' });
  const narrow = conv(x, squeeze, 1);
  return b.concat([conv(narrow, 4 * squeeze, 1), conv(narrow, 4 * squeeze, 3)]);
}
