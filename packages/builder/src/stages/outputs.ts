import path from 'node:path';
import { kernelFamily } from '@nnm/core';
import type { PipelineContext } from './context.ts';
import { latencyFile } from './latency-export.ts';

/**
 * Make sure that what a build of these kernels will write can be written: found now rather than after hours of measuring.
 *
 * @throws {@link ForeignFileError} naming every file that is there and is not as nnm wrote it
 */
export function assertOutputsReplaceable(kernelTypes: readonly string[], context: PipelineContext): void {
  const { workspace, registry } = context;
  if (workspace === undefined) return;
  const { results, predictors } = workspace.paths;
  const names = kernelTypes.map((type) => ({ type, family: kernelFamily(registry.kernel(type)) }));
  const isOutput = (folder: string, name: string): boolean =>
    names.some(({ type, family }) =>
      folder === predictors
        ? name === `${family}.json` || isRoundFile(name, type)
        : name === path.basename(latencyFile(workspace, type)) || isRoundFile(name, type),
    );
  const files = [results, predictors].flatMap((folder) =>
    workspace.files.stat(folder)?.kind === 'folder'
      ? workspace.files
          .list(folder)
          .filter((name) => isOutput(folder, name))
          .map((name) => path.join(folder, name))
      : [],
  );
  workspace.own.assertReplaceable(files.sort());
}

/** True for `<kernel>_prior.json`, `<kernel>_finegrained1.json` and the like. */
function isRoundFile(name: string, kernelType: string): boolean {
  return name.startsWith(`${kernelType}_`) && /^(prior|holdout|initial|finegrained\d+)\.json$/.test(name.slice(kernelType.length + 1));
}
