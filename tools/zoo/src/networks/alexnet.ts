import type { Graph } from '@nnm/core';
import { NetworkBuilder } from '../network-builder.ts';

/** AlexNet as torchvision has it ("one weird trick": 64 to 256 filters, no groups, no local response normalisation). */
export function alexnet(name: string, batchSize: number, inputSize: number): Graph {
  const b = new NetworkBuilder(name);
  const plain = { batchNorm: false, activation: 'relu' } as const;
  let x = b.conv(b.input(batchSize, inputSize), 64, { kernelSize: 11, strides: 4, padding: 2, ...plain });
  x = b.maxPool(x, { kernelSize: 3, strides: 2, padding: 0 });
  x = b.conv(x, 192, { kernelSize: 5, ...plain });
  x = b.maxPool(x, { kernelSize: 3, strides: 2, padding: 0 });
  for (const filters of [384, 256, 256]) x = b.conv(x, filters, { kernelSize: 3, ...plain });
  x = b.maxPool(x, { kernelSize: 3, strides: 2, padding: 0 });
  const features = b.flatten(b.adaptiveAvgPool(x, 6));
  return b.build(b.dense(b.dense(b.dense(features, 4096, 'relu'), 4096, 'relu'), 1000));
}
