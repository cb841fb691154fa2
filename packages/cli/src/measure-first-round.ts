import { kernelSettings, type MeasuredSample, type PipelineContext, profileModels, type Stage, sampleKernel } from '@nnm/builder';

/** Choose and measure the configurations that a build of the kernel begins with: the hold-out and `sampleNum` from the prior. */
export async function* measureFirstRound(kernel: string, sampleNum: number, context: PipelineContext): Stage<readonly MeasuredSample[]> {
  const { holdoutSampleNum } = kernelSettings(kernel, context);
  const held = yield* sampleKernel(kernel, holdoutSampleNum, { mark: 'holdout', samplingType: 'prior' }, context);
  const prior = yield* sampleKernel(kernel, sampleNum, { mark: 'prior', samplingType: 'prior', earlier: held }, context);
  const { samples } = yield* profileModels([...prior, ...held], context);
  return samples;
}
