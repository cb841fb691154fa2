import { defineKernel, floatBytes, type Graph, GraphBuilder, PriorSampler, type Work } from '@nnm/core';
import { sePrior } from './generated/se-prior.ts';
import { channelLoops, evenImageSpace, ImageBlock, type ImageConfig, imageElements, imageFeatures, imageGrowth } from './image.ts';

/** Channels of the squeeze: a quarter, at least 1. */
export function squeezedChannels(channels: number): number {
  return Math.max(1, Math.floor(channels / 4));
}

/** Work of `se` at batch 1. */
export function seWork(config: ImageConfig): Work {
  const { CIN } = config;
  const squeezed = squeezedChannels(CIN);
  const elements = imageElements(config);
  const params = 2 * CIN * squeezed + squeezed + CIN;
  // Pooling and scaling: 1 per element each; two 1x1 convolutions with bias, ReLU (1) and hard sigmoid (4).
  const flops = 2 * elements + 4 * CIN * squeezed + 2 * squeezed + 5 * CIN;
  return { flops, params, bytes: floatBytes(2 * elements + params) };
}

/** Squeeze and excitation: global average, 1x1 convolution to a quarter, ReLU, 1x1 convolution, hard sigmoid, scaling of the input. */
export class SeBlock extends ImageBlock {
  override getModel(): Graph {
    const { CIN } = this.config;
    const g = new GraphBuilder('se');
    const x = g.input([this.batchSize, ...this.inputShape]);
    const squeezed = g.activation(g.conv2d(g.globalAvgPool(x, true), squeezedChannels(CIN), { kernelSize: 1 }), 'relu');
    return g.build(g.mul(x, g.activation(g.conv2d(squeezed, CIN, { kernelSize: 1 }), 'hsigmoid')));
  }
}

/** `se`: squeeze and excitation with ratio 1/4. */
export const se = defineKernel({
  type: 'se',
  description: 'squeeze and excitation with ratio 1/4',
  configSpace: evenImageSpace,
  refusals: () => [],
  block: SeBlock,
  sampler: new PriorSampler({ space: evenImageSpace, prior: sePrior, channelKeys: ['CIN'], growth: imageGrowth, workOf: seWork }),
  features: imageFeatures('se', seWork, { loopsOf: channelLoops }),
});
