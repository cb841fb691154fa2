import {
  AVX2,
  AVX512,
  BaseBlock,
  ConfigFeatureParser,
  defineKernel,
  floatBytes,
  type Graph,
  GraphBuilder,
  PriorSampler,
  remainderFeatures,
  type Shape,
  tiledProductFlops,
  type VectorUnit,
  type Work,
} from '@nnm/core';
import { attentionPrior } from './generated/attention-prior.ts';

/** Configuration of `attention`: `HEADS` heads of `HEAD_CHANNELS` channels over `LENGTH` words. */
export type AttentionConfig = { readonly LENGTH: number; readonly HEADS: number; readonly HEAD_CHANNELS: number };

const space = {
  LENGTH: { min: 1, max: 8192, description: 'words of the text, patches of the image' },
  HEADS: { min: 1, max: 4096, description: 'heads' },
  HEAD_CHANNELS: { min: 1, max: 1024, description: 'channels of a head' },
};

/** Work of `attention` at batch 1: scaling, scores, softmax, weighted sum. */
export function attentionWork({ LENGTH, HEADS, HEAD_CHANNELS }: AttentionConfig): Work {
  const [vectors, scores] = [HEADS * LENGTH * HEAD_CHANNELS, HEADS * LENGTH * LENGTH];
  return { flops: vectors + 4 * scores * HEAD_CHANNELS + 5 * scores, params: 0, bytes: floatBytes(4 * vectors + 1) };
}

class AttentionBlock extends BaseBlock<AttentionConfig> {
  /** `[HEADS, LENGTH, HEAD_CHANNELS]` */
  override get inputShape(): Shape {
    return [this.config.HEADS, this.config.LENGTH, this.config.HEAD_CHANNELS];
  }

  /** Queries, keys, values. */
  override get inputTensorShape(): readonly Shape[] {
    return [this.inputShape, this.inputShape, this.inputShape];
  }

  override getModel(): Graph {
    const g = new GraphBuilder('attention');
    const [q, k, v] = this.inputTensorShape.map((shape) => g.input([this.batchSize, ...shape])) as [string, string, string];
    const scores = g.matmul(g.mul(q, 1 / Math.sqrt(this.config.HEAD_CHANNELS)), k, { transposeB: true });
    return g.build(g.matmul(g.softmax(scores), v));
  }
}

/** Operations that there is time for in the two products of every head. */
const tiledFlops = ({ HEADS, LENGTH, HEAD_CHANNELS }: AttentionConfig, unit: VectorUnit): number =>
  HEADS *
  (tiledProductFlops({ rows: LENGTH, columns: LENGTH, summed: HEAD_CHANNELS }, unit) +
    tiledProductFlops({ rows: LENGTH, columns: HEAD_CHANNELS, summed: LENGTH }, unit));

/** `attention`: `softmax(q k' / sqrt(HEAD_CHANNELS)) v`, as the runtime fuses it or not. */
export const attention = defineKernel({
  type: 'attention',
  description: 'scores, softmax and weighted sum of scaled dot-product attention',
  configSpace: space,
  refusals: () => [],
  block: AttentionBlock,
  sampler: new PriorSampler<AttentionConfig>({
    space,
    prior: attentionPrior,
    channelKeys: ['LENGTH', 'HEADS', 'HEAD_CHANNELS'],
    workOf: attentionWork,
  }),
  features: new ConfigFeatureParser<AttentionConfig>({
    kernelType: 'attention',
    keys: ['LENGTH', 'HEADS', 'HEAD_CHANNELS'],
    work: attentionWork,
    paths: [
      ['OUT_PIXELS', 'TILED_FLOPS', 'COPIES'],
      ['OUT_PIXELS', 'TILED_FLOPS_16', 'COPIES'],
    ],
    extra: {
      SCORES: ({ HEADS, LENGTH }) => HEADS * LENGTH * LENGTH,
      // Rows of scores, and two products for every head.
      OUT_PIXELS: ({ HEADS, LENGTH }) => HEADS * LENGTH,
      TILED_FLOPS: (config) => tiledFlops(config, AVX2),
      TILED_FLOPS_16: (config) => tiledFlops(config, AVX512),
      COPIES: ({ HEADS }) => 2 * HEADS,
      ...remainderFeatures<AttentionConfig>('LENGTH', [4, 8, 16]),
      ...remainderFeatures<AttentionConfig>('HEAD_CHANNELS', [8, 16]),
    },
  }),
});
