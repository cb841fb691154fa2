import {
  BaseBlock,
  blockWork,
  ConfigFeatureParser,
  type ConfigSpace,
  defineKernel,
  GraphBuilder,
  HW_VALUES,
  PriorSampler,
} from '@nnm/core';

/** What one configuration says: a square input `[HW, HW, CIN]` and the channels of the output. */
export type TemplateNameConfig = { readonly HW: number; readonly CIN: number; readonly COUT: number };

/** The range of every key. Samplers choose only `values` where a key has them. */
export const templateNameSpace: ConfigSpace<TemplateNameConfig> = {
  HW: { min: 1, max: 224, values: HW_VALUES, description: 'height and width of the input, pixels' },
  CIN: { min: 1, max: 1024, description: 'input channels' },
  COUT: { min: 1, max: 1024, description: 'output channels' },
};

/** The model: a 1x1 convolution gated by its own sigmoid. Change it to your operators. */
export class TemplateNameBlock extends BaseBlock<TemplateNameConfig> {
  override get inputShape() {
    return [this.config.HW, this.config.HW, this.config.CIN];
  }

  override getModel() {
    const g = new GraphBuilder('template-name');
    const x = g.input([this.batchSize, ...this.inputShape]);
    const y = g.batchNorm(g.conv2d(x, this.config.COUT, { kernelSize: 1, useBias: false }));
    return g.build(g.mul(y, g.activation(y, 'sigmoid')));
  }
}

/** Layers of known networks; samples are drawn around them. Replace them with those of the networks you care about. */
const prior: readonly TemplateNameConfig[] = [
  { HW: 112, CIN: 16, COUT: 64 },
  { HW: 56, CIN: 24, COUT: 144 },
  { HW: 28, CIN: 64, COUT: 192 },
  { HW: 14, CIN: 96, COUT: 576 },
  { HW: 7, CIN: 320, COUT: 960 },
];

/** Block, sampler and features in one value. */
export const templateName = defineKernel({
  type: 'template-name',
  description: 'a 1x1 convolution, batch normalisation, and its own sigmoid as a gate',
  configSpace: templateNameSpace,
  block: TemplateNameBlock,
  sampler: new PriorSampler({ space: templateNameSpace, prior, channelKeys: ['CIN', 'COUT'] }),
  features: new ConfigFeatureParser({ kernelType: 'template-name', keys: ['HW', 'CIN', 'COUT'], work: blockWork(TemplateNameBlock) }),
});
