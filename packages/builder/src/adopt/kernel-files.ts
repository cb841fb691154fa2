import path from 'node:path';
import { decodeText, type FileSystem } from '@nnm/profiler';
import { isObject } from '../data/kernel-data-source.ts';
import { workspacePaths } from '../workspace/workspace-paths.ts';

/** A JSON file of a folder of nn-Meter, and what it holds. */
export interface FoundFile {
  readonly file: string;
  /** Entries with a configuration, and with a latency, by kernel. */
  readonly kernels: ReadonlyMap<string, { readonly configs: number; readonly latencies: number }>;
  /** Why it is no kernel data; absent when it is. */
  readonly problem?: string;
}

/** Where kernel data of nn-Meter lies; the last two are where people copy it. */
function dataFolders(folder: string): readonly string[] {
  return [workspacePaths(folder).results, path.join(folder, 'results'), folder];
}

/** Read every JSON file in the places where nn-Meter, or somebody who copied its files, keeps kernel data. */
export function findKernelFiles(folder: string, files: FileSystem): readonly FoundFile[] {
  return dataFolders(folder).flatMap((place) => {
    if (files.stat(place)?.kind !== 'folder') return [];
    const names = [...files.list(place)].sort();
    const paths = names.filter((name) => name.endsWith('.json')).map((name) => path.join(place, name));
    return paths.filter((file) => files.stat(file)?.kind === 'file').map((file) => inspect(file, files));
  });
}

function inspect(file: string, files: FileSystem): FoundFile {
  const none = (problem: string): FoundFile => ({ file, kernels: new Map(), problem });
  let json: unknown;
  try {
    json = JSON.parse(decodeText(files.readFile(file)));
  } catch (error) {
    return none(error instanceof SyntaxError ? 'is not JSON' : `cannot be read: ${(error as Error).message}`);
  }
  const kernels = new Map<string, { configs: number; latencies: number }>();
  for (const [kernel, entries] of isObject(json) ? Object.entries(json) : []) {
    if (!isObject(entries)) continue;
    const all = Object.values(entries).filter(isObject);
    const configs = all.filter(({ config }) => isObject(config)).length;
    const latencies = all.filter(({ latency }) => latency !== undefined).length;
    if (configs + latencies > 0) kernels.set(kernel, { configs, latencies });
  }
  return kernels.size > 0 ? { file, kernels } : none('holds no { "<kernel>": { "<ID>": { config, latency } } }');
}
