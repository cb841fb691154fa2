import { defineKernel, floatBytes, type Graph, GraphBuilder, PriorSampler, type Work } from '@nnm/core';
import { globalAvgpoolPrior } from './generated/global-avgpool-prior.ts';
import { ImageBlock, type ImageConfig, imageElements, imageFeatures, imageGrowth, imageSpace } from './image.ts';

/** Work of `global-avgpool` at batch 1: one operation per input element. */
export function globalAvgpoolWork(config: ImageConfig): Work {
  const elements = imageElements(config);
  return { flops: elements, params: 0, bytes: floatBytes(elements + config.CIN) };
}

/** The average over all pixels: `[n, HW, HW, CIN]` to `[n, CIN]`. */
export class GlobalAvgpoolBlock extends ImageBlock {
  override getModel(): Graph {
    const g = new GraphBuilder('global-avgpool');
    return g.build(g.globalAvgPool(g.input([this.batchSize, ...this.inputShape])));
  }
}

/** `global-avgpool`: average over all pixels. */
export const globalAvgpool = defineKernel({
  type: 'global-avgpool',
  description: 'average over all pixels',
  configSpace: imageSpace,
  refusals: () => [],
  block: GlobalAvgpoolBlock,
  sampler: new PriorSampler({
    space: imageSpace,
    prior: globalAvgpoolPrior,
    channelKeys: ['CIN'],
    growth: imageGrowth,
    workOf: globalAvgpoolWork,
  }),
  features: imageFeatures('global-avgpool', globalAvgpoolWork),
});
