import { expect, it } from 'vitest';
import { GraphBuilder } from '../graph/graph-builder.ts';
import type { Graph, Shape } from '../graph/types.ts';
import { BaseBlock } from '../kernel/index.ts';
import { blockWork } from './block-work.ts';
import { ConfigFeatureParser } from './config-feature-parser.ts';
import { remainderFeatures } from './remainder-features.ts';

type Config = { readonly HW: number; readonly CIN: number };

let built = 0;
class ReluBlock extends BaseBlock<Config> {
  override get inputShape(): Shape {
    return [this.config.HW, this.config.HW, this.config.CIN];
  }

  override getModel(): Graph {
    built++;
    const g = new GraphBuilder('relu');
    return g.build(g.activation(g.input([this.batchSize, ...this.inputShape]), 'relu'));
  }
}

const parser = new ConfigFeatureParser<Config>({
  kernelType: 'relu',
  keys: ['HW', 'CIN', 'CIN'],
  work: blockWork(ReluBlock),
  extra: { FLOPS_PER_BYTE: (_, { flops, bytes }) => flops / bytes },
});

it('lists the configuration, its work and the extras, named in the same order', () => {
  expect(parser.featureNames).toEqual(['HW', 'CIN', 'CIN', 'FLOPS', 'PARAMS', 'BYTES', 'FLOPS_PER_BYTE']);
  expect(parser.getFeatureByConfig({ HW: 2, CIN: 3 })).toEqual([2, 3, 3, 12, 0, 96, 0.125]);
});

it('gives the configuration back, whatever the order of its keys', () => {
  expect(parser.getConfigByFeature(parser.getFeatureByConfig({ CIN: 5, HW: 7 }))).toEqual({ HW: 7, CIN: 5 });
  expect(() => parser.getConfigByFeature([1, 2])).toThrow('a vector of the 7 features of relu (HW, CIN, CIN, FLOPS');
});

it('counts the work of a block once per configuration', () => {
  const work = blockWork(ReluBlock);
  built = 0;
  expect(work({ HW: 4, CIN: 2 })).toEqual(work({ CIN: 2, HW: 4 }));
  expect(built).toBe(1);
});

it('has remainders of a channel count by vector lengths', () => {
  const features = remainderFeatures<Config>('CIN');
  expect(Object.keys(features)).toEqual(['CIN_MOD_4', 'CIN_MOD_8', 'CIN_MOD_16', 'CIN_MOD_32']);
  expect(Object.values(features).map((feature) => feature({ HW: 1, CIN: 46 }, { flops: 0, params: 0, bytes: 0 }))).toEqual([2, 6, 14, 14]);
  expect(Object.keys(remainderFeatures<Config>('HW', [2]))).toEqual(['HW_MOD_2']);
});
