import {
  type BlockClass,
  defineKernel,
  floatBytes,
  type Graph,
  GraphBuilder,
  type Kernel,
  PriorSampler,
  type ValueId,
  type Work,
} from '@nnm/core';
import { channelHalvesPrior } from './generated/channel-halves-prior.ts';
import { evenImageSpace, ImageBlock, type ImageConfig, imageElements, imageFeatures, imageGrowth } from './image.ts';

/** Work of `split` and `channelshuffle` at batch 1: they move bytes and compute nothing. */
export function channelHalvesWork(config: ImageConfig): Work {
  return { flops: 0, params: 0, bytes: floatBytes(2 * imageElements(config)) };
}

function halvesBlock(type: string, append: (g: GraphBuilder, x: ValueId) => readonly ValueId[]): BlockClass<ImageConfig> {
  return class extends ImageBlock {
    override getModel(): Graph {
      const g = new GraphBuilder(type);
      return g.build(...append(g, g.input([this.batchSize, ...this.inputShape])));
    }
  };
}

function halvesKernel(type: string, description: string, append: (g: GraphBuilder, x: ValueId) => readonly ValueId[]): Kernel<ImageConfig> {
  return defineKernel({
    type,
    description,
    configSpace: evenImageSpace,
    refusals: () => [],
    block: halvesBlock(type, append),
    sampler: new PriorSampler({
      space: evenImageSpace,
      prior: channelHalvesPrior,
      channelKeys: ['CIN'],
      growth: imageGrowth,
      workOf: channelHalvesWork,
    }),
    features: imageFeatures(type, channelHalvesWork),
  });
}

/** `split`: two halves of the channels. */
export const split = halvesKernel('split', 'two halves of the channels', (g, x) => g.split(x, 2));
/** `channelshuffle`: channel shuffle in 2 groups. */
export const channelshuffle = halvesKernel('channelshuffle', 'channel shuffle in 2 groups', (g, x) => [g.channelShuffle(x, 2)]);
