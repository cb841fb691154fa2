import { defineKernel, type Graph, GraphBuilder, PriorSampler } from '@nnm/core';
import { convFeatures, LayerFeatureParser } from '../features.ts';
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
import { conv2dPrior } from '../generated/conv2d-prior.ts';
import type { ConvLayer } from '../layer.ts';
import { layerWork } from '../work.ts';

/** Configuration of `conv2d`: height, width, window, step and dilation per axis. */
export type Conv2dConfig = WindowConfig & {
  readonly H: number;
  readonly W: number;
  readonly CIN: number;
  readonly COUT: number;
};

const KEYS = ['H', 'W', 'CIN', 'COUT', 'KERNEL_H', 'KERNEL_W', 'STRIDE_H', 'STRIDE_W', 'DILATION_H', 'DILATION_W'] as const;
const { H, W, CIN, COUT, KERNEL_H, KERNEL_W, STRIDE_H, STRIDE_W, DILATION_H, DILATION_W } = generalSpace;
const space = { H, W, CIN, COUT, KERNEL_H, KERNEL_W, STRIDE_H, STRIDE_W, DILATION_H, DILATION_W };

const layerOf = (config: Conv2dConfig): ConvLayer => ({
  h: config.H,
  w: config.W,
  cin: config.CIN,
  cout: config.COUT,
  ...windowOf(config),
});
const configOf = (layer: ConvLayer): Conv2dConfig => ({
  H: layer.h,
  W: layer.w,
  CIN: layer.cin,
  COUT: layer.cout,
  ...windowConfig(layer),
});
const workOf = (config: Conv2dConfig) => layerWork(layerOf(config), config.CIN, { batchNorm: false });

class Conv2dBlock extends PlaneBlock<Conv2dConfig> {
  override getModel(): Graph {
    const g = new GraphBuilder('conv2d');
    return g.build(g.conv2d(g.input([this.batchSize, ...this.inputShape]), this.config.COUT, windowOptions(this.config)));
  }
}

/** `conv2d`: any convolution with bias and `same` padding: 1-D, dilated, patches, windows such as 1x7. Of the `conv` family. */
export const conv2d = defineKernel({
  type: 'conv2d',
  family: 'conv',
  description: 'convolution with bias; height, width, window, stride and dilation per axis',
  configSpace: space,
  refusals: () => [],
  block: Conv2dBlock,
  sampler: new PriorSampler<Conv2dConfig>({
    space,
    prior: withLowImages(conv2dPrior),
    channelKeys: ['CIN', 'COUT'],
    growth: planeGrowth,
    workOf,
  }),
  features: new LayerFeatureParser<Conv2dConfig>({
    kernelType: 'conv2d',
    keys: KEYS,
    work: workOf,
    layerOf,
    configOf,
    family: convFeatures,
  }),
});
