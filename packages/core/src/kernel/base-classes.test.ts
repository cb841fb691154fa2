import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../graph/index.ts';
import { BaseBlock, BaseFeatureParser } from './index.ts';

type Config = { readonly HW: number; readonly CIN: number };
const config = { HW: 7, CIN: 4 };

describe('BaseBlock', () => {
  it('takes its shapes from the graph where the block does not give them', () => {
    class Sum extends BaseBlock<Config> {
      getModel() {
        const g = new GraphBuilder('sum');
        const shape = [this.batchSize, this.config.HW, this.config.HW, this.config.CIN];
        return g.build(g.add(g.input(shape), g.input(shape)));
      }
    }
    const block = new Sum(config, 3);
    expect([block.inputShape, block.inputTensorShape]).toEqual([
      [7, 7, 4],
      [
        [7, 7, 4],
        [7, 7, 4],
      ],
    ]);
  });

  it('builds from inputShape alone, and from inputTensorShape as well', () => {
    class Given extends BaseBlock<Config> {
      override get inputShape() {
        return [this.config.HW, this.config.HW, this.config.CIN];
      }
      getModel() {
        const g = new GraphBuilder('given');
        const [x] = this.inputTensorShape.map((shape) => g.input([this.batchSize, ...shape]));
        return g.build(g.activation(x!, 'relu'));
      }
    }
    const block = new Given(config);
    expect(block.getModel().inputs.map(({ shape }) => shape)).toEqual([[1, 7, 7, 4]]);
    expect(block.inputTensorShape).toEqual([[7, 7, 4]]);
  });

  it('names a block that asks itself for a shape it does not give', () => {
    class Circular extends BaseBlock<Config> {
      getModel() {
        const g = new GraphBuilder('circular');
        return g.build(g.activation(g.input([this.batchSize, ...this.inputShape]), 'relu'));
      }
    }
    expect(() => new Circular(config).inputTensorShape).toThrow(/"Circular" is not valid: getModel asks for inputShape/);
    expect(() => new Circular(config).getModel()).toThrow(/getModel asks for inputShape/);
  });
});

describe('BaseFeatureParser', () => {
  class Parser extends BaseFeatureParser<Config> {
    readonly neededConfig = ['HW', 'CIN'] as const;
    constructor(readonly featureNames: readonly string[]) {
      super('mine');
    }
    getFeatureByConfig({ HW, CIN }: Config) {
      return [CIN, HW * HW * CIN, HW];
    }
  }

  it('reads the configuration back from the features that are named as its keys', () => {
    const parser = new Parser(['CIN', 'SIZE', 'HW']);
    expect(parser.getConfigByFeature(parser.getFeatureByConfig(config))).toEqual(config);
  });

  it('says so where it cannot', () => {
    expect(() => new Parser(['CIN', 'SIZE', 'SIDE']).getConfigByFeature([1, 2, 3])).toThrow(/one without HW/);
    expect(() => new Parser(['CIN', 'SIZE', 'HW']).getConfigByFeature([1, 2])).toThrow(/3 features of mine \(CIN, SIZE, HW\)/);
  });
});
