import { BaseBlock, blockWork, ConfigFeatureParser, defineKernel, GraphBuilder, PriorSampler, type Shape } from '@nnm/core';
import { expect, it } from 'vitest';

type Config = { readonly HW: number; readonly CIN: number };
type Partly = { readonly HW: number };

class Block extends BaseBlock<Config> {
  override get inputShape(): Shape {
    return [this.config.HW, this.config.HW, this.config.CIN];
  }
  override getModel() {
    const g = new GraphBuilder('typed');
    return g.build(g.activation(g.input([this.batchSize, ...this.inputShape]), 'relu'));
  }
}

const space = { HW: { min: 1, max: 7 }, CIN: { min: 1, max: 8 } };
const partSpace = { HW: { min: 1, max: 7 } };
const parts = {
  type: 'typed',
  configSpace: space,
  block: Block,
  sampler: new PriorSampler<Config>({ space, prior: [{ HW: 7, CIN: 8 }], channelKeys: ['CIN'] }),
  features: new ConfigFeatureParser<Config>({ kernelType: 'typed', keys: ['HW', 'CIN'], work: blockWork(Block) }),
};
const partSampler = new PriorSampler<Partly>({ space: partSpace, prior: [{ HW: 7 }], channelKeys: [] });
const partFeatures = new ConfigFeatureParser<Partly>({
  kernelType: 'typed',
  keys: ['HW'],
  work: () => ({ flops: 1, params: 0, bytes: 1 }),
});

// The assertions are the `@ts-expect-error` lines: `npm run typecheck` fails when one of them compiles.
it('a kernel whose parts forget a key of the block does not compile', () => {
  expect(defineKernel(parts).type).toBe('typed');
  // @ts-expect-error the sampler makes no CIN
  defineKernel({ ...parts, sampler: partSampler });
  // @ts-expect-error the parser gives no CIN back
  defineKernel({ ...parts, features: partFeatures });
  // @ts-expect-error the space has no CIN
  defineKernel({ ...parts, configSpace: partSpace });
});
