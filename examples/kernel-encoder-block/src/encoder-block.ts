import {
  BaseBlock,
  blockWork,
  ConfigFeatureParser,
  type ConfigSpace,
  defineKernel,
  GraphBuilder,
  PriorSampler,
  type ValueId,
} from '@nnm/core';

/** An encoder block over `LENGTH` words of `HEADS * HEAD_CHANNELS` channels; the feed-forward network is `EXPANSION` times as wide. */
export type EncoderBlockConfig = {
  readonly LENGTH: number;
  readonly HEADS: number;
  readonly HEAD_CHANNELS: number;
  readonly EXPANSION: number;
};

/** The range of every key. */
export const encoderBlockSpace: ConfigSpace<EncoderBlockConfig> = {
  LENGTH: { min: 1, max: 4096, description: 'words of the text' },
  HEADS: { min: 1, max: 32, description: 'heads of the attention' },
  HEAD_CHANNELS: { min: 1, max: 256, description: 'channels of a head' },
  EXPANSION: { min: 1, max: 8, values: [2, 4], description: 'width of the feed-forward network, in multiples of the channels' },
};

/** Attention and feed-forward network, each added to its input and normalised, as BERT has them. */
export class EncoderBlock extends BaseBlock<EncoderBlockConfig> {
  override get inputShape() {
    return [this.config.LENGTH, this.config.HEADS * this.config.HEAD_CHANNELS];
  }

  override getModel() {
    const { LENGTH, HEADS, HEAD_CHANNELS, EXPANSION } = this.config;
    const channels = HEADS * HEAD_CHANNELS;
    const g = new GraphBuilder('encoder-block');
    const x = g.input([this.batchSize, ...this.inputShape]);
    const heads = (): ValueId => {
      const split = g.reshape(g.dense(x, channels), [this.batchSize, LENGTH, HEADS, HEAD_CHANNELS]);
      return g.transpose(split, [0, 2, 1, 3]);
    };
    const scores = g.mul(g.matmul(heads(), heads(), { transposeB: true }), 1 / Math.sqrt(HEAD_CHANNELS));
    const joined = g.transpose(g.matmul(g.softmax(scores), heads()), [0, 2, 1, 3]);
    const attended = g.dense(g.reshape(joined, [this.batchSize, LENGTH, channels]), channels);
    const y = g.layerNorm(g.add(x, attended));
    const mixed = g.dense(g.gelu(g.dense(y, channels * EXPANSION)), channels);
    return g.build(g.layerNorm(g.add(y, mixed)));
  }
}

const block = (LENGTH: number, HEADS: number, HEAD_CHANNELS: number): EncoderBlockConfig => ({
  LENGTH,
  HEADS,
  HEAD_CHANNELS,
  EXPANSION: 4,
});

/** Blocks of BERT (Devlin et al. 2019; Turc et al. 2019) and of vision transformers (Dosovitskiy et al. 2021; Touvron et al. 2021). */
const prior: readonly EncoderBlockConfig[] = [
  block(128, 2, 64),
  block(128, 4, 64),
  block(128, 8, 64),
  block(128, 12, 64),
  block(512, 12, 64),
  block(50, 12, 64),
  block(197, 12, 64),
  block(197, 3, 64),
  block(197, 6, 64),
];

/** The kernel in one value. */
export const encoderBlock = defineKernel({
  type: 'encoder-block',
  description: 'a whole encoder block of a transformer',
  configSpace: encoderBlockSpace,
  block: EncoderBlock,
  sampler: new PriorSampler({
    space: encoderBlockSpace,
    prior,
    channelKeys: ['LENGTH', 'HEADS', 'HEAD_CHANNELS'],
    workOf: blockWork(EncoderBlock),
  }),
  features: new ConfigFeatureParser<EncoderBlockConfig>({
    kernelType: 'encoder-block',
    keys: ['LENGTH', 'HEADS', 'HEAD_CHANNELS', 'EXPANSION'],
    work: blockWork(EncoderBlock),
    extra: { SCORES: ({ LENGTH, HEADS }) => HEADS * LENGTH * LENGTH },
  }),
});
