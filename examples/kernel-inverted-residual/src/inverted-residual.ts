import {
  BaseBlock,
  blockWork,
  ConfigFeatureParser,
  type ConfigSpace,
  defineKernel,
  floatBytes,
  GraphBuilder,
  HW_VALUES,
  PriorSampler,
  type ValueId,
} from '@nnm/core';

/** A block of MobileNet v2: input `[HW, HW, CIN]`, widened `EXPANSION` times, filtered per channel, narrowed, added to itself. */
export type InvertedResidualConfig = {
  readonly HW: number;
  readonly CIN: number;
  readonly EXPANSION: number;
  readonly KERNEL_SIZE: number;
};

/** The range of every key. */
export const invertedResidualSpace: ConfigSpace<InvertedResidualConfig> = {
  HW: { min: 1, max: 224, values: HW_VALUES, description: 'height and width, pixels' },
  CIN: { min: 1, max: 512, description: 'channels of input and output' },
  EXPANSION: { min: 1, max: 8, values: [1, 3, 6], description: 'channels between the two 1x1 convolutions, in multiples of CIN' },
  KERNEL_SIZE: { min: 1, max: 7, values: [3, 5, 7], description: 'window of the depthwise convolution, pixels' },
};

/** 1x1 convolution, depthwise convolution, 1x1 convolution, and the input added. */
export class InvertedResidualBlock extends BaseBlock<InvertedResidualConfig> {
  override get inputShape() {
    return [this.config.HW, this.config.HW, this.config.CIN];
  }

  override getModel() {
    const { CIN, EXPANSION, KERNEL_SIZE } = this.config;
    const g = new GraphBuilder('inverted-residual');
    const normalised = (y: ValueId): ValueId => g.activation(g.batchNorm(y), 'relu6');
    const x = g.input([this.batchSize, ...this.inputShape]);
    const wide = EXPANSION === 1 ? x : normalised(g.conv2d(x, CIN * EXPANSION, { kernelSize: 1, useBias: false }));
    const filtered = normalised(g.depthwiseConv2d(wide, { kernelSize: KERNEL_SIZE, useBias: false }));
    return g.build(g.add(x, g.batchNorm(g.conv2d(filtered, CIN, { kernelSize: 1, useBias: false }))));
  }
}

const block = (HW: number, CIN: number, EXPANSION: number, KERNEL_SIZE: number): InvertedResidualConfig => ({
  HW,
  CIN,
  EXPANSION,
  KERNEL_SIZE,
});

/** The residual blocks of MobileNet v2 (Sandler et al. 2018, table 2) and of MnasNet-A1 (Tan et al. 2019, figure 7). */
const prior: readonly InvertedResidualConfig[] = [
  block(56, 24, 6, 3),
  block(28, 32, 6, 3),
  block(14, 64, 6, 3),
  block(14, 96, 6, 3),
  block(7, 160, 6, 3),
  block(112, 16, 1, 3),
  block(28, 40, 3, 5),
  block(14, 80, 6, 3),
  block(14, 112, 6, 3),
  block(7, 160, 6, 5),
];

/** The kernel in one value. */
export const invertedResidual = defineKernel({
  type: 'inverted-residual',
  description: 'a whole inverted-residual block of MobileNet v2',
  configSpace: invertedResidualSpace,
  block: InvertedResidualBlock,
  sampler: new PriorSampler({ space: invertedResidualSpace, prior, channelKeys: ['CIN'], workOf: blockWork(InvertedResidualBlock) }),
  features: new ConfigFeatureParser<InvertedResidualConfig>({
    kernelType: 'inverted-residual',
    keys: ['HW', 'CIN', 'EXPANSION', 'KERNEL_SIZE'],
    work: blockWork(InvertedResidualBlock),
    extra: { WIDE_BYTES: ({ HW, CIN, EXPANSION }) => floatBytes(HW * HW * CIN * EXPANSION) },
  }),
});
