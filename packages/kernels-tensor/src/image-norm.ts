import {
  BaseBlock,
  ConfigFeatureParser,
  defineKernel,
  floatBytes,
  type Graph,
  GraphBuilder,
  HW_VALUES,
  MAX_SIDE,
  PriorSampler,
  remainderFeatures,
  type Shape,
  type Work,
} from '@nnm/core';
import { images } from './movement-kernel.ts';

const HW = { min: 1, max: MAX_SIDE, values: HW_VALUES, description: 'height and width, pixels' };

/** Work of a normalisation of an image with a scale and a shift per channel, as `countWork` counts it. */
const workOf = (pixels: number, channels: number): Work => ({
  flops: 7 * pixels * channels,
  params: 2 * channels,
  bytes: floatBytes(2 * pixels * channels + 2 * channels),
});

/** Configuration of `instance-norm`. */
export type InstanceNormConfig = { readonly HW: number; readonly CIN: number };

const instanceSpace = { HW, CIN: { min: 1, max: 65_536, description: 'channels' } };
const instanceWork = ({ HW: side, CIN }: InstanceNormConfig): Work => workOf(side * side, CIN);

class InstanceNormBlock extends BaseBlock<InstanceNormConfig> {
  override get inputShape(): Shape {
    return [this.config.HW, this.config.HW, this.config.CIN];
  }

  override getModel(): Graph {
    const g = new GraphBuilder('instance-norm');
    return g.build(g.instanceNorm(g.input([this.batchSize, ...this.inputShape])));
  }
}

/** `instance-norm`: every channel of an image normalised, as style transfer does. */
export const instanceNorm = defineKernel({
  type: 'instance-norm',
  description: 'normalisation of every channel of an image',
  configSpace: instanceSpace,
  refusals: () => [],
  block: InstanceNormBlock,
  sampler: new PriorSampler<InstanceNormConfig>({
    space: instanceSpace,
    prior: images,
    channelKeys: ['CIN'],
    growth: { HW: 2 },
    workOf: instanceWork,
  }),
  features: new ConfigFeatureParser<InstanceNormConfig>({
    kernelType: 'instance-norm',
    keys: ['HW', 'CIN'],
    work: instanceWork,
    // One value per channel is a loop for every pixel; a single one is one number for all.
    extra: { OUT_PIXELS: (config) => (config.CIN === 1 ? 1 : config.HW * config.HW), ...remainderFeatures<InstanceNormConfig>('CIN') },
  }),
});

/** Configuration of `group-norm`: `GROUPS` groups of `GROUP_CIN` channels. */
export type GroupNormConfig = { readonly HW: number; readonly GROUPS: number; readonly GROUP_CIN: number };

const groupSpace = {
  HW,
  GROUPS: { min: 1, max: 256, values: [1, 2, 4, 8, 16, 32], description: 'groups of channels' },
  GROUP_CIN: { min: 1, max: 4096, description: 'channels of a group' },
};
/** Diffusion models have 32 groups; few channels have fewer. */
const groups = images.map(({ HW: side, CIN }) => {
  const GROUPS = [32, 16, 8, 4, 2].find((count) => CIN % count === 0 && CIN >= 2 * count) ?? 1;
  return { HW: side, GROUPS, GROUP_CIN: Math.min(4096, Math.ceil(CIN / GROUPS)) };
});
const groupWork = ({ HW: side, GROUPS, GROUP_CIN }: GroupNormConfig): Work => workOf(side * side, GROUPS * GROUP_CIN);

class GroupNormBlock extends BaseBlock<GroupNormConfig> {
  /** `[HW, HW, GROUPS * GROUP_CIN]` */
  override get inputShape(): Shape {
    const { HW: side, GROUPS, GROUP_CIN } = this.config;
    return [side, side, GROUPS * GROUP_CIN];
  }

  override getModel(): Graph {
    const g = new GraphBuilder('group-norm');
    return g.build(g.groupNorm(g.input([this.batchSize, ...this.inputShape]), this.config.GROUPS));
  }
}

/** `group-norm`: groups of channels of an image normalised, as diffusion models do. */
export const groupNorm = defineKernel({
  type: 'group-norm',
  description: 'normalisation of groups of channels of an image',
  configSpace: groupSpace,
  refusals: () => [],
  block: GroupNormBlock,
  sampler: new PriorSampler<GroupNormConfig>({
    space: groupSpace,
    prior: groups,
    channelKeys: ['GROUP_CIN'],
    growth: { HW: 2 },
    workOf: groupWork,
  }),
  features: new ConfigFeatureParser<GroupNormConfig>({
    kernelType: 'group-norm',
    keys: ['HW', 'GROUPS', 'GROUP_CIN'],
    work: groupWork,
    extra: { CIN: ({ GROUPS, GROUP_CIN }) => GROUPS * GROUP_CIN, ...remainderFeatures<GroupNormConfig>('GROUP_CIN') },
  }),
});
