import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { explainFileError, writeWholeFile } from '@nnm/builder';
import { UsageError } from '../errors.ts';
import { shortPath } from '../plugins/origin.ts';
import { INDEX_FILE } from './stage-files.ts';
import type { StageRow } from './stage-row.ts';
import { renderRows } from './write-rows.ts';

/** A folder of graphs or models that is being filled, with what each is of. */
export interface StageFolder {
  readonly path: string;
  readonly rows: readonly StageRow[];
  add(row: StageRow): void;
  /** Ids of a kernel that are given. */
  takenIds(kernel: string): Set<string>;
  /** Write the index. @returns its file */
  finish(): Promise<string>;
}

/**
 * A new folder, an empty one, or one that such a stage has filled before: it is written anew.
 *
 * @throws `UsageError` when it holds anything else, `FileAccessError`
 */
export function openStageFolder(path: string): StageFolder {
  const names = listOrNone(path);
  if (names.length > 0 && !names.includes(INDEX_FILE)) {
    throw new UsageError({
      message: `${shortPath(path)} holds files that nnm has not written there.`,
      hint: 'Name a new folder, an empty one, or one that holds a samples.jsonl of an earlier run.',
    });
  }
  const rows: StageRow[] = [];
  const taken = new Map<string, Set<string>>();
  return {
    path,
    rows,
    add: (row) => void rows.push(row),
    takenIds(kernel) {
      const known = taken.get(kernel) ?? new Set();
      taken.set(kernel, known);
      return known;
    },
    async finish() {
      const file = join(path, INDEX_FILE);
      await writeWholeFile(file, renderRows(rows, 'jsonl'));
      return file;
    },
  };
}

function listOrNone(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw explainFileError(error, path, 'read');
  }
}
