import path from 'node:path';
import { type AnyKernel, kernelFamily, NnmError, type Registry } from '@nnm/core';
import { findRegressor, InvalidPredictorFileError, type Predictor, parsePredictor } from '@nnm/predictor';
import { type FileSystem, fileExists, readTextFile, type Workspace } from '../workspace/index.ts';
import { kernelHasChanged } from './kernel-probes.ts';

/** No predictor has been built for the kernel or its family. */
export class NoPredictorError extends NnmError {
  constructor(details: { kernel: string; family: string; workspace: string }) {
    super({
      code: 'ERR_NO_PREDICTOR',
      message: `${details.workspace} has no predictor for ${details.kernel} (family ${details.family}).`,
      hint: `Build one with \`nnm build ${details.kernel}\`.`,
      details,
    });
  }
}

/** A workspace's predictor of a kernel. */
export interface FoundPredictor {
  readonly predictor: Predictor;
  readonly file: string;
  /** The kernel's block builds other graphs than when the predictor learned from it; undefined where that cannot be told. */
  readonly kernelChanged: boolean | undefined;
}

/**
 * Read the finished predictor of a kernel's family from a workspace.
 *
 * @throws {@link NoPredictorError}, {@link InvalidPredictorFileError}
 */
export async function readPredictor(workspace: Workspace, kernel: AnyKernel, registry: Registry): Promise<FoundPredictor> {
  const family = kernelFamily(kernel);
  const file = path.join(workspace.paths.predictors, `${family}.json`);
  if (!(await fileExists(file, workspace.files))) throw new NoPredictorError({ kernel: kernel.type, family, workspace: workspace.folder });
  return readPredictorFile(file, kernel, registry, workspace.files);
}

/**
 * Read a predictor of a kernel's family from its file.
 *
 * @throws {@link InvalidPredictorFileError}, {@link FileAccessError}
 */
export async function readPredictorFile(file: string, kernel: AnyKernel, registry: Registry, files?: FileSystem): Promise<FoundPredictor> {
  const family = kernelFamily(kernel);
  const predictor = parsePredictor(await readTextFile(file, files), { file, regressor: (id) => findRegressor(id, registry) });
  if (predictor.manifest.family !== family) {
    throw new InvalidPredictorFileError({ file, problem: `it is the predictor of ${predictor.manifest.family}, not of ${family}` });
  }
  return { file, predictor, kernelChanged: kernelHasChanged(predictor, kernel) };
}
