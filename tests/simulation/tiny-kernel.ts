import { BaseBlock, ConfigFeatureParser, countWork, defineKernel, GraphBuilder, PriorSampler } from '@nnm/core';

interface TinyConfig extends Readonly<Record<string, number>> {
  readonly HW: number;
  readonly CIN: number;
}

const space = { HW: { min: 1, max: 28, values: [7, 14, 28] }, CIN: { min: 1, max: 64 } };
const prior = [7, 14, 28].flatMap((HW) => [8, 16, 32, 64].map((CIN) => ({ HW, CIN })));

/** A kernel of one convolution, quick to sample and to build. */
export function tinyKernel(type: string, family?: string) {
  class TinyBlock extends BaseBlock<TinyConfig> {
    override get inputShape() {
      return [this.config.HW, this.config.HW, this.config.CIN];
    }
    getModel() {
      const g = new GraphBuilder(type);
      return g.build(g.conv2d(g.input([this.batchSize, ...this.inputShape]), this.config.CIN, { kernelSize: 1 }));
    }
  }
  const work = (config: TinyConfig) => countWork(new TinyBlock(config).getModel());
  return defineKernel({
    type,
    ...(family !== undefined && { family }),
    configSpace: space,
    block: TinyBlock,
    sampler: new PriorSampler<TinyConfig>({ space, prior, channelKeys: ['CIN'] }),
    features: new ConfigFeatureParser<TinyConfig>({ kernelType: type, keys: ['HW', 'CIN'], work }),
  });
}
