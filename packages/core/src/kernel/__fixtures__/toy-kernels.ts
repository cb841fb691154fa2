import { BaseBlock, ConfigFeatureParser, countWork, defineKernel, GraphBuilder, PriorSampler } from '../../index.ts';

interface ToyConfig extends Readonly<Record<string, number>> {
  readonly HW: number;
  readonly CIN: number;
}

const space = { HW: { min: 1, max: 56, values: [7, 14, 28, 56] }, CIN: { min: 1, max: 512 } };
const prior = [7, 14, 28, 56].flatMap((HW) => [16, 32, 64, 128, 256].map((CIN) => ({ HW, CIN })));

/** A small kernel: a 1x1 convolution and a ReLU. Toys of one family share a predictor. */
export function toyKernel(type: string, family?: string) {
  class ToyBlock extends BaseBlock<ToyConfig> {
    override get inputShape() {
      return [this.config.HW, this.config.HW, this.config.CIN];
    }
    getModel() {
      const g = new GraphBuilder(type);
      return g.build(g.activation(g.conv2d(g.input([this.batchSize, ...this.inputShape]), this.config.CIN, { kernelSize: 1 }), 'relu'));
    }
  }
  const work = (config: ToyConfig) => countWork(new ToyBlock(config).getModel());
  return defineKernel({
    type,
    ...(family !== undefined && { family }),
    configSpace: space,
    block: ToyBlock,
    sampler: new PriorSampler<ToyConfig>({ space, prior, channelKeys: ['CIN'] }),
    features: new ConfigFeatureParser<ToyConfig>({ kernelType: type, keys: ['HW', 'CIN'], work }),
  });
}
