import {
  BaseBlock,
  ConfigFeatureParser,
  type ConfigSpace,
  defineKernel,
  floatBytes,
  type Graph,
  GraphBuilder,
  PriorSampler,
  type Shape,
  type Work,
} from '@nnm/core';
import { fcPrior } from './generated/fc-prior.ts';

/** Configuration of the fully connected kernel: `[CIN]` to `[COUT]`, with bias. */
export type FcConfig = {
  readonly CIN: number;
  readonly COUT: number;
};

/** What `fc` accepts. */
export const fcSpace: ConfigSpace<FcConfig> = {
  CIN: { min: 1, max: 32768, description: 'inputs' },
  COUT: { min: 1, max: 8192, description: 'outputs' },
};

/** Work of `fc` at batch 1. */
export function fcWork({ CIN, COUT }: FcConfig): Work {
  const params = (CIN + 1) * COUT;
  return { flops: (2 * CIN + 1) * COUT, params, bytes: floatBytes(CIN + COUT + params) };
}

/** A fully connected layer on `[n, CIN]`. */
export class FcBlock extends BaseBlock<FcConfig> {
  /** `[CIN]` */
  override get inputShape(): Shape {
    return [this.config.CIN];
  }

  override getModel(): Graph {
    const g = new GraphBuilder('fc');
    return g.build(g.dense(g.input([this.batchSize, ...this.inputShape]), this.config.COUT));
  }
}

/** `fc`: fully connected layer with bias. */
export const fc = defineKernel({
  type: 'fc',
  description: 'fully connected layer with bias',
  configSpace: fcSpace,
  refusals: () => [],
  block: FcBlock,
  sampler: new PriorSampler({ space: fcSpace, prior: fcPrior, channelKeys: ['CIN', 'COUT'], workOf: fcWork }),
  features: new ConfigFeatureParser({ kernelType: 'fc', keys: ['CIN', 'COUT'], work: fcWork }),
});
