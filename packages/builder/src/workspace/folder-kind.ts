import path from 'node:path';
import { explainFileError, type FileSystem, TEMPORARY_FILE } from '@nnm/profiler';
import { workspacePaths } from './workspace-paths.ts';

/**
 * What a folder is to nnm; the one place that says so:
 *
 * - `workspace`: nnm can work there;
 * - `damaged`: nnm has worked there, and its configuration is gone;
 * - `nn-Meter`: it has the files of a workspace of nn-Meter, which nnm has not adopted;
 * - `files`: it holds something else;
 * - `free`: there is nothing, or what a creation has left that did not come to its end.
 */
export type FolderKind = 'workspace' | 'damaged' | 'nn-Meter' | 'files' | 'free';

/** @throws {@link FileAccessError} */
export function kindOfFolder(folder: string, files: FileSystem): FolderKind {
  const paths = workspacePaths(folder);
  const hasManifest = isThere(paths.manifest, files);
  if (hasManifest && isThere(paths.buildConfig, files)) return 'workspace';
  if (!hasManifest && looksLikeNnMeter(folder, files)) return 'nn-Meter';
  if (!isThere(folder, files) || !holdsMoreThan([paths.written, paths.manifest, paths.backendConfig], folder, files)) return 'free';
  return hasManifest ? 'damaged' : 'files';
}

function looksLikeNnMeter(folder: string, files: FileSystem): boolean {
  const { buildConfig, results } = workspacePaths(folder);
  if (isThere(buildConfig, files) || isThere(path.join(folder, 'configs', 'ruletest_config.yaml'), files)) return true;
  return listFolder(results, files).some((name) => name.endsWith('.json'));
}

/** @throws {@link FileAccessError} */
export function isThere(path: string, files: FileSystem): boolean {
  try {
    return files.stat(path) !== undefined;
  } catch (error) {
    throw explainFileError(error, path, 'read');
  }
}

function holdsMoreThan(known: readonly string[], folder: string, files: FileSystem): boolean {
  return listFolder(folder, files).some((name) => {
    const place = path.join(folder, name);
    if (known.includes(place) || TEMPORARY_FILE.test(name)) return false;
    const isOnTheWay = known.some((file) => file.startsWith(`${place}${path.sep}`));
    return !isOnTheWay || files.stat(place)?.kind !== 'folder' || holdsMoreThan(known, place, files);
  });
}

/** A file in a folder's place holds nothing that is listed: writing below it says what is wrong. */
function listFolder(folder: string, files: FileSystem): readonly string[] {
  try {
    return files.list(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return [];
  }
}
