import { chooseFirstRound, type MeasuredSample, type PipelineContext, profileModels, type Stage } from '@nnm/builder';

/** Choose and measure the configurations that a build of the kernel begins with, `sampleNum` and the hold-out. */
export async function* measureFirstRound(kernel: string, sampleNum: number, context: PipelineContext): Stage<readonly MeasuredSample[]> {
  const { held, prior } = yield* chooseFirstRound(kernel, context, sampleNum);
  const { samples } = yield* profileModels([...prior, ...held], context);
  return samples;
}
