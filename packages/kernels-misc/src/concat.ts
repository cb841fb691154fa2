import {
  BaseBlock,
  ConfigFeatureParser,
  type ConfigSpace,
  defineKernel,
  floatBytes,
  type Graph,
  GraphBuilder,
  HW_VALUES,
  InvalidConfigError,
  MAX_SIDE,
  PriorSampler,
  type Problem,
  remainderFeatures,
  type Shape,
  square,
  type Work,
} from '@nnm/core';
import { concatPrior } from './generated/concat-prior.ts';
import { imageGrowth, imagePixels } from './image.ts';

/** Configuration of `concat`: 2 to 4 images of `HW` pixels; an absent third or fourth one has 0 channels. */
export type ConcatConfig = {
  readonly HW: number;
  readonly CIN1: number;
  readonly CIN2: number;
  readonly CIN3: number;
  readonly CIN4: number;
};

/** What `concat` accepts. */
export const concatSpace: ConfigSpace<ConcatConfig> = {
  HW: { min: 1, max: MAX_SIDE, values: HW_VALUES, description: 'height and width of the inputs, pixels' },
  CIN1: { min: 1, max: 4096, description: 'channels of the first input' },
  CIN2: { min: 1, max: 4096, description: 'channels of the second input' },
  CIN3: { min: 0, max: 4096, description: 'channels of the third input, 0 when absent' },
  CIN4: { min: 0, max: 4096, description: 'channels of the fourth input, 0 when absent' },
};

const channelsOf = ({ CIN1, CIN2, CIN3, CIN4 }: ConcatConfig): readonly number[] =>
  [CIN1, CIN2, CIN3, CIN4].filter((channels) => channels > 0);
const total = ({ CIN1, CIN2, CIN3, CIN4 }: ConcatConfig): number => CIN1 + CIN2 + CIN3 + CIN4;
const unaligned = (config: ConcatConfig, multiple: number): number =>
  channelsOf(config).filter((channels) => channels % multiple > 0).length;
const gapProblems = ({ CIN3, CIN4 }: ConcatConfig): readonly Problem[] =>
  CIN3 > 0 || CIN4 === 0 ? [] : [{ key: 'CIN4', message: 'must be 0 when CIN3 is 0' }];

/** Work of `concat` at batch 1: it moves bytes and computes nothing. */
export function concatWork(config: ConcatConfig): Work {
  return { flops: 0, params: 0, bytes: floatBytes(2 * square(config.HW) * total(config)) };
}

/** Images joined along channels. */
export class ConcatBlock extends BaseBlock<ConcatConfig> {
  /** `[HW, HW, CIN1]` */
  override get inputShape(): Shape {
    return [this.config.HW, this.config.HW, this.config.CIN1];
  }

  /** One shape per input that is there. */
  override get inputTensorShape(): readonly Shape[] {
    return channelsOf(this.config).map((channels) => [this.config.HW, this.config.HW, channels]);
  }

  /** @throws InvalidConfigError when the fourth input is there and the third is not */
  override getModel(): Graph {
    const problems = gapProblems(this.config);
    if (problems.length > 0) throw new InvalidConfigError({ kernel: 'concat', problems });
    const g = new GraphBuilder('concat');
    return g.build(g.concat(this.inputTensorShape.map((shape) => g.input([this.batchSize, ...shape]))));
  }
}

/** `concat`: 2 to 4 images joined along channels. */
export const concat = defineKernel({
  type: 'concat',
  description: '2 to 4 images joined along channels',
  configSpace: concatSpace,
  refusals: gapProblems,
  block: ConcatBlock,
  sampler: new PriorSampler({
    space: concatSpace,
    prior: concatPrior,
    channelKeys: ['CIN1', 'CIN2', 'CIN3', 'CIN4'],
    growth: imageGrowth,
    accepts: (config) => gapProblems(config).length === 0,
    workOf: concatWork,
  }),
  features: new ConfigFeatureParser({
    kernelType: 'concat',
    keys: ['HW', 'CIN1', 'CIN2', 'CIN3', 'CIN4'],
    work: concatWork,
    extra: {
      INPUTS: (config) => channelsOf(config).length,
      COUT: total,
      OUT_PIXELS: imagePixels,
      // Every pixel's channels are copied input by input: what counts is how many of the pieces are whole vectors, and the smallest.
      SMALLEST: (config) => Math.min(...channelsOf(config)),
      UNALIGNED_8: (config) => unaligned(config, 8),
      UNALIGNED_16: (config) => unaligned(config, 16),
      ...remainderFeatures<ConcatConfig>('CIN1', [8, 32]),
      ...remainderFeatures<ConcatConfig>('CIN2', [8, 32]),
      COUT_MOD_16: (config) => total(config) % 16,
    },
  }),
});
