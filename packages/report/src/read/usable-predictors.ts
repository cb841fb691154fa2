import { listRounds, NoPredictorError, readPredictor, readTextFile, type Setting } from '@nnm/builder';
import { type AnyKernel, type KernelConfig, NnmError, Rng } from '@nnm/core';
import { featuresForPredictor, type Predictor, parsePredictor } from '@nnm/predictor';

type Place = Pick<Setting, 'workspace' | 'registry'>;

/** A predictor that can be asked about a kernel; without one, why, as a sentence, unless there simply is none. */
export interface UsablePredictor {
  readonly predictor?: Predictor;
  readonly problem?: string;
}

/**
 * Read a kernel's finished predictor. One that is damaged, needs a regressor that is not here or was made of other features than the kernel
 * has now costs what it would say, and nothing else.
 *
 * @throws the builder's `FileAccessError`
 */
export function readUsablePredictor(kernel: AnyKernel, { workspace, registry }: Place): Promise<UsablePredictor> {
  return attempt(kernel, async () => (await readPredictor(workspace, kernel, registry)).predictor);
}

/** The predictors that a kernel's build has left after each round, the first one first; as {@link readUsablePredictor} does. */
export async function readUsableRounds(
  kernel: AnyKernel,
  { workspace, registry }: Place,
): Promise<readonly (UsablePredictor & { readonly mark: string })[]> {
  const rounds: (UsablePredictor & { readonly mark: string })[] = [];
  for (const { mark, file } of listRounds(workspace, kernel.type)) {
    const read = async (): Promise<Predictor> =>
      parsePredictor(await readTextFile(file, workspace.files), { file, regressor: (id) => registry.regressor(id) });
    rounds.push({ mark, ...(await attempt(kernel, read)) });
  }
  return rounds;
}

async function attempt(kernel: AnyKernel, read: () => Promise<Predictor>): Promise<UsablePredictor> {
  try {
    const predictor = await read();
    const [config] = kernel.sampler.priorConfigSampling(1, { rng: new Rng(0) }) as readonly KernelConfig[];
    if (config !== undefined) featuresForPredictor(kernel, config, predictor.manifest.featureNames);
    return { predictor };
  } catch (error) {
    if (!NnmError.isInstance(error) || error.code === 'ERR_FILE_ACCESS') throw error;
    return error instanceof NoPredictorError ? {} : { problem: (error as NnmError).message };
  }
}
