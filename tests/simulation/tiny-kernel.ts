import { BaseBlock, ConfigFeatureParser, countWork, defineKernel, type Graph, GraphBuilder, PriorSampler } from '@nnm/core';

interface TinyConfig extends Readonly<Record<string, number>> {
  readonly HW: number;
  readonly CIN: number;
}

const space = { HW: { min: 1, max: 28, values: [7, 14, 28] }, CIN: { min: 1, max: 64 } };
/** What blocks have built: thousands of processes ask for the same few. */
const graphs = new Map<string, Graph>();
const prior = [7, 14, 28].flatMap((HW) => [8, 16, 32, 64].map((CIN) => ({ HW, CIN })));

/** A kernel of one convolution, quick to sample and to build. */
export function tinyKernel(type: string, family?: string) {
  class TinyBlock extends BaseBlock<TinyConfig> {
    override get inputShape() {
      return [this.config.HW, this.config.HW, this.config.CIN];
    }
    getModel() {
      const key = `${type} ${this.batchSize} ${this.config.HW} ${this.config.CIN}`;
      const known = graphs.get(key);
      if (known !== undefined) return known;
      const g = new GraphBuilder(type);
      const graph = g.build(g.conv2d(g.input([this.batchSize, ...this.inputShape]), this.config.CIN, { kernelSize: 1 }));
      graphs.set(key, graph);
      return graph;
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
