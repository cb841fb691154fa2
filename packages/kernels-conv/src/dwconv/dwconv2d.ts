import { defineKernel, type Graph, GraphBuilder, PriorSampler } from '@nnm/core';
import { dwconvFeatures, LayerFeatureParser } from '../features.ts';
import {
  generalSpace,
  PlaneBlock,
  planeGrowth,
  type WindowConfig,
  windowConfig,
  windowOf,
  windowOptions,
  withLowImages,
} from '../general-config.ts';
import { dwconv2dPrior } from '../generated/dwconv2d-prior.ts';
import type { ConvLayer } from '../layer.ts';
import { layerWork } from '../work.ts';

/** Configuration of `dwconv2d`: `MULTIPLIER` output channels for each of `CIN`. */
export type Dwconv2dConfig = WindowConfig & {
  readonly H: number;
  readonly W: number;
  readonly CIN: number;
  readonly MULTIPLIER: number;
};

const KEYS = ['H', 'W', 'CIN', 'MULTIPLIER', 'KERNEL_H', 'KERNEL_W', 'STRIDE_H', 'STRIDE_W', 'DILATION_H', 'DILATION_W'] as const;
const { H, W, CIN, KERNEL_H, KERNEL_W, STRIDE_H, STRIDE_W, DILATION_H, DILATION_W } = generalSpace;
const MULTIPLIER = { min: 1, max: 8, values: [1, 2, 4], description: 'output channels per input channel' };
const space = { H, W, CIN, MULTIPLIER, KERNEL_H, KERNEL_W, STRIDE_H, STRIDE_W, DILATION_H, DILATION_W };

const layerOf = (config: Dwconv2dConfig): ConvLayer => ({
  h: config.H,
  w: config.W,
  cin: config.CIN,
  cout: config.CIN * config.MULTIPLIER,
  ...windowOf(config),
});
const configOf = (layer: ConvLayer): Dwconv2dConfig => ({
  H: layer.h,
  W: layer.w,
  CIN: layer.cin,
  MULTIPLIER: layer.cout / layer.cin,
  ...windowConfig(layer),
});
const workOf = (config: Dwconv2dConfig) => layerWork(layerOf(config), 1, { batchNorm: false });

class Dwconv2dBlock extends PlaneBlock<Dwconv2dConfig> {
  override getModel(): Graph {
    const g = new GraphBuilder('dwconv2d');
    const x = g.input([this.batchSize, ...this.inputShape]);
    return g.build(g.depthwiseConv2d(x, { ...windowOptions(this.config), depthMultiplier: this.config.MULTIPLIER }));
  }
}

/** `dwconv2d`: any depthwise convolution with bias and `same` padding, of the `dwconv` family. */
export const dwconv2d = defineKernel({
  type: 'dwconv2d',
  family: 'dwconv',
  description: 'depthwise convolution with bias; height, width, window, stride and dilation per axis, depth multiplier',
  configSpace: space,
  refusals: () => [],
  block: Dwconv2dBlock,
  sampler: new PriorSampler<Dwconv2dConfig>({
    space,
    prior: withLowImages(dwconv2dPrior),
    channelKeys: ['CIN'],
    growth: planeGrowth,
    workOf,
  }),
  features: new LayerFeatureParser<Dwconv2dConfig>({
    kernelType: 'dwconv2d',
    keys: KEYS,
    work: workOf,
    layerOf,
    configOf,
    family: dwconvFeatures,
  }),
});
