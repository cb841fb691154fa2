import path from 'node:path';
import type { FileSystem } from '@nnm/profiler';
import { workspacePaths } from './workspace-paths.ts';

/** A file that an earlier version of nnm wrote. */
export interface EarlierFile {
  readonly file: string;
  readonly content: Uint8Array;
}

/**
 * The files of a workspace that an earlier version of nnm wrote, which kept no list of them: all in the folders that nnm fills, but for
 * config files whose entries name no graph of nnm's, and latency files with an id that the journal does not know.
 */
export function findEarlierFiles(folder: string, files: FileSystem): readonly EarlierFile[] {
  const { kernels, results, collection, predictors } = workspacePaths(folder);
  return [kernels, results, collection, predictors].flatMap((place) => {
    if (files.stat(place)?.kind !== 'folder') return [];
    return files.list(place).flatMap((name): readonly EarlierFile[] => {
      const file = path.join(place, name);
      if (files.stat(file)?.kind !== 'file' || (place === results && !name.endsWith('.json'))) return [];
      const content = files.readFile(file);
      return place === results && !isKernelFileOfNnm(name, content, results, files) ? [] : [{ file, content }];
    });
  });
}

function isKernelFileOfNnm(name: string, content: Uint8Array, results: string, files: FileSystem): boolean {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(content).toString('utf8'));
  } catch {
    return false; // nnm writes whole JSON or nothing
  }
  if (typeof json !== 'object' || json === null) return false;
  const entries = Object.entries(json).flatMap(([kernel, byId]) =>
    Object.entries((byId ?? {}) as Record<string, { model?: unknown } | null>).map(([id, entry]) => ({ kernel, id, entry })),
  );
  if (!name.startsWith('profiled_')) {
    const stem = name.replace(/\.json$/, '');
    return entries.every(({ id, entry }) => entry?.model === `predictor_build/kernels/${stem}_${id}.json`);
  }
  const journals = new Map<string, string>();
  return entries.every(({ kernel, id }) => {
    const journal = journals.get(kernel) ?? readText(path.join(results, `${kernel}.jsonl`), files);
    journals.set(kernel, journal);
    return journal.includes(`"${id}"`);
  });
}

function readText(file: string, files: FileSystem): string {
  return files.stat(file)?.kind === 'file' ? Buffer.from(files.readFile(file)).toString('utf8') : '';
}
