import { extname } from 'node:path';
import { readKernelCell } from './csv-header.ts';
import { holdsEntries } from './holds-entries.ts';
import type { RowKernels } from './row-kernels.ts';
import { isStandardInput } from './standard-input.ts';
import type { TextLine } from './text-lines.ts';

/** How configurations are written in a file. */
export const INPUT_FORMATS = ['csv', 'jsonl', 'json'] as const;
export type InputFormat = (typeof INPUT_FORMATS)[number];

const BY_ENDING: Readonly<Record<string, InputFormat>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.json': 'json',
};

/** Said where a file is not what it was taken for. */
export const FORMAT_HINT =
  'Files ending in .csv or .tsv are read as tables, .jsonl as JSON Lines, .json as JSON; others by how they begin, or as --input-format says.';

/** The format that the name of a file promises; undefined where it promises none. */
export function formatOfName(file: string): InputFormat | undefined {
  return isStandardInput(file) ? undefined : BY_ENDING[extname(file).toLowerCase()];
}

/** Spreadsheets may say in a line of its own which character separates the columns; it shows in the header anyway. */
export const SEPARATOR_LINE = /^sep=.?$/i;

/** The format that the first line with something in it shows: JSON, or the header of a table; undefined for anything else. */
export function formatOfContent(firstLine: TextLine, kernels: RowKernels): InputFormat | undefined {
  const text = firstLine.text.trim();
  if (text.startsWith('[')) return 'json';
  if (!text.startsWith('{')) {
    const { only } = kernels;
    const isHeader =
      only === undefined
        ? readKernelCell(firstLine, undefined) !== undefined
        : text.split(/[,;\t|]/).some((cell) => only.keyOf(cell.trim()) !== undefined);
    return isHeader || SEPARATOR_LINE.test(text) ? 'csv' : undefined;
  }
  try {
    // The config file of a workspace may be one line, too
    return holdsEntries(JSON.parse(text), kernels) ? 'json' : 'jsonl';
  } catch {
    return 'json'; // an object of more than one line
  }
}
