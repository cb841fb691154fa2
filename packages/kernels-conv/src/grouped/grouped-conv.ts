import {
  BaseBlock,
  ConfigFeatureParser,
  defineKernel,
  type Graph,
  GraphBuilder,
  PriorSampler,
  remainderFeatures,
  type Shape,
  type Work,
} from '@nnm/core';
import { blockedFeatures, blockedPaths, type GroupedLayer } from '../blocked.ts';
import { generalSpace, planeGrowth, type WindowConfig, windowOf, windowOptions } from '../general-config.ts';
import { groupedConvPrior } from '../generated/grouped-conv-prior.ts';
import { type ConvLayer, outputPixels } from '../layer.ts';
import { cinWaste, coutWaste, isNarrow } from '../tiles.ts';
import { layerWork } from '../work.ts';
import { xnnpackWays } from '../xnnpack.ts';

/** Configuration of `grouped-conv`: `GROUPS` convolutions side by side, each from `GROUP_CIN` to `GROUP_COUT` channels. */
export type GroupedConvConfig = WindowConfig & {
  readonly H: number;
  readonly W: number;
  readonly GROUPS: number;
  readonly GROUP_CIN: number;
  readonly GROUP_COUT: number;
};

const { H, W, KERNEL_H, KERNEL_W, STRIDE_H, STRIDE_W, DILATION_H, DILATION_W } = generalSpace;
const space = {
  H,
  W,
  GROUPS: { min: 2, max: 256, description: 'parts of the channels' },
  GROUP_CIN: { min: 1, max: 1024, description: 'input channels of a part' },
  GROUP_COUT: { min: 1, max: 1024, description: 'output channels of a part' },
  KERNEL_H,
  KERNEL_W,
  STRIDE_H,
  STRIDE_W,
  DILATION_H,
  DILATION_W,
};

const layerOf = (config: GroupedConvConfig): ConvLayer => ({
  h: config.H,
  w: config.W,
  cin: config.GROUPS * config.GROUP_CIN,
  cout: config.GROUPS * config.GROUP_COUT,
  ...windowOf(config),
});
const workOf = (config: GroupedConvConfig) => layerWork(layerOf(config), config.GROUP_CIN, { batchNorm: false });

const grouped = (config: GroupedConvConfig): GroupedLayer => ({ layer: layerOf(config), groups: config.GROUPS });
const pathFeatures = Object.fromEntries(
  Object.entries(blockedFeatures).map(([name, feature]) => [name, (config: GroupedConvConfig) => feature(grouped(config))]),
);

/** What XNNPACK computes for one group after the other. */
const groupWays = xnnpackWays.map((way) =>
  Object.fromEntries(
    Object.entries(way).map(([name, feature]) => [
      name,
      (config: GroupedConvConfig, work: Work) =>
        config.GROUPS * feature({ ...layerOf(config), cin: config.GROUP_CIN, cout: config.GROUP_COUT }, work),
    ]),
  ),
);

class GroupedConvBlock extends BaseBlock<GroupedConvConfig> {
  /** `[H, W, GROUPS * GROUP_CIN]` */
  override get inputShape(): Shape {
    const { h, w, cin } = layerOf(this.config);
    return [h, w, cin];
  }

  override getModel(): Graph {
    const g = new GraphBuilder('grouped-conv');
    const x = g.input([this.batchSize, ...this.inputShape]);
    const { GROUPS: groups, GROUP_COUT } = this.config;
    return g.build(g.conv2d(x, groups * GROUP_COUT, { ...windowOptions(this.config), groups }));
  }
}

/** `grouped-conv`: convolution with bias of parts of the channels, as RegNet and ResNeXt have it. */
export const groupedConv = defineKernel({
  type: 'grouped-conv',
  description: 'convolution with bias of groups of channels; height, width, window, stride and dilation per axis',
  configSpace: space,
  refusals: () => [],
  block: GroupedConvBlock,
  sampler: new PriorSampler<GroupedConvConfig>({
    space,
    prior: groupedConvPrior,
    channelKeys: ['GROUPS', 'GROUP_CIN', 'GROUP_COUT'],
    growth: planeGrowth,
    workOf,
  }),
  features: new ConfigFeatureParser<GroupedConvConfig>({
    kernelType: 'grouped-conv',
    keys: Object.keys(space) as (keyof GroupedConvConfig)[],
    work: workOf,
    paths: [...blockedPaths, ...groupWays.map((way) => Object.keys(way))],
    extra: {
      // Where a runtime has no grouped convolution, each group is one of its own, on a part that is cut out of the image before.
      OUT_PIXELS: (config) => config.GROUPS * outputPixels(layerOf(config)),
      IN_PIXELS: (config) => config.GROUPS * config.H * config.W,
      GROUP_PIXELS: (config) => outputPixels(layerOf(config)),
      GROUP_FLOPS: (config, work) => work.flops / config.GROUPS,
      INTENSITY: (_, work) => work.flops / work.bytes,
      NARROW: ({ GROUP_COUT }) => isNarrow(GROUP_COUT),
      ...pathFeatures,
      ...Object.assign({}, ...groupWays),
      COUT_WASTE: ({ GROUP_COUT }) => coutWaste(GROUP_COUT),
      CIN_WASTE: ({ GROUP_CIN }) => cinWaste(GROUP_CIN),
      ...remainderFeatures<GroupedConvConfig>('GROUP_CIN', [4, 8, 16]),
      ...remainderFeatures<GroupedConvConfig>('GROUP_COUT', [4, 8, 16]),
    },
  }),
});
