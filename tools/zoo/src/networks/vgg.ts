import type { Graph } from '@nnm/core';
import { NetworkBuilder } from '../network-builder.ts';

const FILTERS = [64, 128, 256, 512, 512] as const;

/**
 * VGG without batch normalisation, as torchvision has it.
 *
 * @param repeats - convolutions per stage: `[1, 1, 2, 2, 2]` is VGG-11
 */
export function vgg(name: string, batchSize: number, inputSize: number, repeats: readonly number[]): Graph {
  const b = new NetworkBuilder(name);
  let x = b.input(batchSize, inputSize);
  FILTERS.forEach((filters, stage) => {
    for (let layer = 0; layer < (repeats[stage] as number); layer++) {
      x = b.conv(x, filters, { kernelSize: 3, batchNorm: false, activation: 'relu' });
    }
    x = b.maxPool(x, { kernelSize: 2, strides: 2, padding: 0 });
  });
  const features = b.flatten(b.adaptiveAvgPool(x, 7));
  return b.build(b.dense(b.dense(b.dense(features, 4096, 'relu'), 4096, 'relu'), 1000));
}
