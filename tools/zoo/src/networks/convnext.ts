import type { Graph } from '@nnm/core';
import { NetworkBuilder } from '../network-builder.ts';

const EPSILON = 1e-6;
const STAGES: readonly (readonly [channels: number, blocks: number])[] = [
  [96, 3],
  [192, 3],
  [384, 9],
  [768, 3],
];

/** ConvNeXt-T as torchvision has it: 7x7 depthwise convolutions, layer normalisation, a feed-forward network per pixel, scaled channels. */
export function convnextTiny(name: string, batchSize: number, inputSize: number): Graph {
  const b = new NetworkBuilder(name);
  const { g } = b;
  let x = b.conv(b.input(batchSize, inputSize), 96, { kernelSize: 4, strides: 4, padding: 0, batchNorm: false });
  x = { ...x, id: g.layerNorm(x.id, { epsilon: EPSILON }) };
  STAGES.forEach(([channels, blocks], stage) => {
    if (stage > 0) {
      const normalised = { ...x, id: g.layerNorm(x.id, { epsilon: EPSILON }) };
      x = b.conv(normalised, channels, { kernelSize: 2, strides: 2, padding: 0, batchNorm: false });
    }
    for (let block = 0; block < blocks; block++) {
      const normalised = g.layerNorm(b.depthwise(x, { kernelSize: 7, batchNorm: false }).id, { epsilon: EPSILON });
      const mixed = g.dense(g.gelu(g.dense(normalised, 4 * channels)), channels);
      x = { ...x, id: g.add(g.mul(mixed, g.constant([channels], { spread: 0.1 })), x.id) };
    }
  });
  return b.build(b.dense({ id: g.layerNorm(b.globalPool(x).id, { epsilon: EPSILON }), channels: x.channels }, 1000));
}
