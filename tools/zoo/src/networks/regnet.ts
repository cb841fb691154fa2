import type { Graph } from '@nnm/core';
import { NetworkBuilder } from '../network-builder.ts';

/** Sizes of a RegNet. */
export interface RegNet {
  readonly stages: readonly (readonly [channels: number, blocks: number])[];
  readonly groupWidth: number;
  readonly withSqueeze: boolean;
}

/** RegNet as torchvision has it: bottlenecks without a narrow middle, whose 3x3 convolution works on groups of channels. */
export function regnet(name: string, batchSize: number, inputSize: number, { stages, groupWidth, withSqueeze }: RegNet): Graph {
  const b = new NetworkBuilder(name);
  let x = b.conv(b.input(batchSize, inputSize), 32, { kernelSize: 3, strides: 2, activation: 'relu' });
  for (const [channels, blocks] of stages) {
    for (let block = 0; block < blocks; block++) {
      const strides = block === 0 ? 2 : 1;
      const keeps = strides === 1 && x.channels === channels;
      const shortcut = keeps ? x : b.conv(x, channels, { kernelSize: 1, strides, padding: 0 });
      let inner = b.conv(x, channels, { kernelSize: 1, activation: 'relu' });
      inner = b.conv(inner, channels, { kernelSize: 3, strides, groups: channels / groupWidth, activation: 'relu' });
      if (withSqueeze) inner = b.squeezeExcite(inner, Math.round(x.channels / 4), 'relu', 'sigmoid');
      x = b.activation(b.add(shortcut, b.conv(inner, channels, { kernelSize: 1 })), 'relu');
    }
  }
  return b.build(b.dense(b.globalPool(x), 1000));
}
