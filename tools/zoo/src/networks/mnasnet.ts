import type { Graph } from '@nnm/core';
import { invertedResidual, roundChannels } from '../inverted-residual.ts';
import { NetworkBuilder } from '../network-builder.ts';

/** Kernel size, first stride, expansion, repeats and filters (at width 1) of the stages. */
const STAGES: readonly (readonly [kernelSize: number, strides: number, expansion: number, repeats: number, filters: number])[] = [
  [3, 2, 3, 3, 24],
  [5, 2, 3, 3, 40],
  [5, 2, 6, 3, 80],
  [3, 1, 6, 2, 96],
  [5, 2, 6, 4, 192],
  [3, 1, 6, 1, 320],
];

/** MnasNet (the B1 variant, without squeeze and excitation) as torchvision has it. */
export function mnasnet(name: string, batchSize: number, inputSize: number, width: number): Graph {
  const b = new NetworkBuilder(name);
  let x = b.conv(b.input(batchSize, inputSize), roundChannels(32 * width), { kernelSize: 3, strides: 2, activation: 'relu' });
  x = b.depthwise(x, { kernelSize: 3, activation: 'relu' });
  x = b.conv(x, roundChannels(16 * width), { kernelSize: 1 });
  for (const [kernelSize, strides, expansion, repeats, filters] of STAGES) {
    for (let index = 0; index < repeats; index++) {
      x = invertedResidual(b, x, {
        filters: roundChannels(filters * width),
        kernelSize,
        strides: index === 0 ? strides : 1,
        expanded: expansion * x.channels,
        activation: 'relu',
      });
    }
  }
  return b.build(b.dense(b.globalPool(b.conv(x, 1280, { kernelSize: 1, activation: 'relu' })), 1000));
}
