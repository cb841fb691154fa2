import path from 'node:path';
import type { FileSystem } from '@nnm/profiler';
import { workspacePaths } from './workspace-paths.ts';

/** True for a folder with the files of a workspace of nn-Meter, which nnm has not adopted. */
export function isNnMeterFolder(folder: string, files: FileSystem): boolean {
  const { manifest, buildConfig, results } = workspacePaths(folder);
  if (files.stat(manifest) !== undefined) return false;
  if (files.stat(buildConfig) !== undefined || files.stat(path.join(folder, 'configs', 'ruletest_config.yaml')) !== undefined) return true;
  return files.stat(results)?.kind === 'folder' && files.list(results).some((name) => name.endsWith('.json'));
}

/** What to do with one. */
export function adoptHint(folder: string): string {
  return `It looks like a workspace of nn-Meter. Open it with \`nnm create ${folder} --adopt --backend <id>\`, which reads its kernel data and replaces nothing.`;
}
