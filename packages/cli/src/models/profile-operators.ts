import type { ProfiledPart } from '@nnm/core';
import { type DetectedKernel, exactParts, type LiftedModel, type NetworkMeasuring, type PricedKernel } from '@nnm/model';
import { openProfilerSession } from '@nnm/profiler';
import { type ModelFile, readForRuntime, settingsFor } from './measure-model.ts';

/** What the runtime says that an operator of a model takes. */
export interface ProfiledOperator extends ProfiledPart {
  /** Types of the kernels that it is or belongs to; none where the runtime does not tell which values it computes. */
  readonly kernels: readonly string[];
}

/** Inferences of a profile. */
const RUNS = 15;

/**
 * Ask a backend's runtime what each operator of a model takes, by its own profile, and find the kernels that they belong to.
 *
 * @throws {@link OtherRuntimeError}, {@link SizesNotTakenError}, {@link NnmError} `ERR_NO_PROFILE` for a runtime that makes none
 */
export async function profileOperators(
  file: ModelFile,
  model: LiftedModel,
  kernels: readonly (Pick<DetectedKernel, 'ops'> & Pick<PricedKernel, 'name'>)[],
  measuring: NetworkMeasuring,
): Promise<readonly ProfiledOperator[]> {
  const { backend, policy } = measuring;
  const bytes = readForRuntime(file, backend);
  const settings = settingsFor(file, measuring);
  const session = await openProfilerSession({ backend, settings, policy, levelsFile: false });
  try {
    const kernelOf = new Map(kernels.flatMap(({ name, ops }) => ops.map((op) => [op, name] as const)));
    return (await session.profile(bytes, RUNS)).map((part) => {
      const ops = exactParts(model, [part]).flat();
      return { ...part, kernels: [...new Set(ops.flatMap((op) => kernelOf.get(op) ?? []))] };
    });
  } finally {
    await session.close();
  }
}
