import path from 'node:path';
import { TEMPORARY_FILE } from '@nnm/profiler';
import type { Workspace } from './workspace.ts';

/** Files that a killed process was still writing. @returns their paths, in folders where only the holder of the lock writes */
export function listTemporaryFiles({ paths, files }: Pick<Workspace, 'paths' | 'files'>): readonly string[] {
  const folders = [
    path.dirname(paths.buildConfig),
    path.dirname(paths.manifest),
    paths.locks,
    paths.kernels,
    paths.results,
    paths.predictors,
  ];
  return folders
    .filter((folder) => files.stat(folder)?.kind === 'folder')
    .flatMap((folder) => files.list(folder).flatMap((name) => (TEMPORARY_FILE.test(name) ? [path.join(folder, name)] : [])));
}

/** Remove what {@link listTemporaryFiles} finds; the caller holds the workspace's lock. What cannot be removed does no harm. */
export function removeTemporaryFiles(workspace: Workspace): void {
  try {
    for (const file of listTemporaryFiles(workspace)) workspace.files.remove(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}
