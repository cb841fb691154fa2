import type { Graph } from '@nnm/core';
import { NetworkBuilder } from '../network-builder.ts';

const GROWTH = 32;

/** DenseNet-121 as torchvision has it: every layer's 32 channels are joined to all before them; joins are written in pairs. */
export function densenet121(name: string, batchSize: number, inputSize: number): Graph {
  const b = new NetworkBuilder(name);
  let x = b.conv(b.input(batchSize, inputSize), 64, { kernelSize: 7, strides: 2, activation: 'relu' });
  x = b.maxPool(x, { kernelSize: 3, strides: 2 });
  [6, 12, 24, 16].forEach((layers, stage) => {
    if (stage > 0) {
      const narrow = b.plainConv(b.batchNormRelu(x), x.channels / 2, { kernelSize: 1 });
      x = b.avgPool(narrow, { kernelSize: 2, strides: 2, padding: 0 });
    }
    for (let layer = 0; layer < layers; layer++) {
      const inner = b.conv(b.batchNormRelu(x), 4 * GROWTH, { kernelSize: 1, activation: 'relu' });
      x = b.concat([x, b.plainConv(inner, GROWTH, { kernelSize: 3 })]);
    }
  });
  return b.build(b.dense(b.globalPool(b.batchNormRelu(x)), 1000));
}
