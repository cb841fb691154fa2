import type { Graph } from '@nnm/core';
import { type FeatureMap, NetworkBuilder } from '../network-builder.ts';

/** SRCNN 9-1-5 (arXiv 1501.00092): the brightness of an image that was enlarged before. */
export function srcnn(name: string, batchSize: number, inputSize: number): Graph {
  const b = new NetworkBuilder(name);
  let x = b.conv(brightness(b, batchSize, inputSize), 64, { kernelSize: 9, batchNorm: false, activation: 'relu' });
  x = b.conv(x, 32, { kernelSize: 1, batchNorm: false, activation: 'relu' });
  return b.build(b.conv(x, 1, { kernelSize: 5, batchNorm: false }));
}

/** FSRCNN(56, 12, 4) (arXiv 1608.00367), which makes an image three times as large itself. */
export function fsrcnn(name: string, batchSize: number, inputSize: number): Graph {
  const b = new NetworkBuilder(name);
  const layer = (x: FeatureMap, filters: number, kernelSize: number): FeatureMap => {
    const convolved = b.conv(x, filters, { kernelSize, batchNorm: false });
    return { ...convolved, id: b.g.prelu(convolved.id) };
  };
  let x = layer(layer(brightness(b, batchSize, inputSize), 56, 5), 12, 1);
  for (let mapping = 0; mapping < 4; mapping++) x = layer(x, 12, 3);
  return b.build(b.enlarge(layer(x, 56, 1), 1, { kernelSize: 9, strides: 3, cut: [3, 3], batchNorm: false }));
}

function brightness(b: NetworkBuilder, batchSize: number, size: number): FeatureMap {
  return { id: b.g.input([batchSize, size, size, 1]), size, channels: 1 };
}
