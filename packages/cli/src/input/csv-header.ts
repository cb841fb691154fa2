import { InvalidFileError, type Problem } from '@nnm/core';
import { showValue } from '../output/show-value.ts';
import { parseRecord } from './csv-records.ts';
import { nameNearMisses } from './missing-keys.ts';
import type { ReadableKernel } from './row-kernels.ts';
import type { TextLine } from './text-lines.ts';

/** The first line of a CSV file, understood. */
export interface CsvHeader {
  readonly delimiter: string;
  /** The columns as the line names them. */
  readonly columns: readonly string[];
  /** The kernel's key of each column; undefined for the user's own. */
  readonly keys: readonly (string | undefined)[];
}

const DELIMITERS = [',', ';', '\t', '|'];
/** Column of a table that names the kernel of its rows. */
export const KERNEL_COLUMN = 'kernel';

/**
 * Understand the first line of a CSV file: which character separates its columns, and which of them are the kernel's keys, however they
 * are written (`HW`, `hw`, `Kernel size`).
 *
 * @throws core's `InvalidFileError`, once for the whole file: keys without a column, and columns that are there twice
 */
export function readCsvHeader(file: string, { text, line }: TextLine, of: ReadableKernel): CsvHeader {
  const { kernel } = of;
  const read = DELIMITERS.map((delimiter) => understand(text, delimiter, of));
  const best = read.reduce((one, other) => (countKeys(other) > countKeys(one) ? other : one));
  const problems = headerProblems(best, Object.keys(kernel.configSpace));
  if (problems.length === 0) return best;
  throw new InvalidFileError({
    file,
    problems: problems.map((problem) => ({ line, ...problem })),
    hint: `The first line of a CSV file names its columns: ${Object.keys(kernel.configSpace).join(', ')}, and any others.`,
  });
}

function understand(text: string, delimiter: string, { keyOf }: ReadableKernel): CsvHeader {
  const columns = splitLine(text, delimiter);
  return { delimiter, columns, keys: columns.map(keyOf) };
}

/** The cells of one line. */
function splitLine(text: string, delimiter: string): readonly string[] {
  return parseRecord(text, delimiter, true) ?? text.split(delimiter).map((cell) => cell.trim());
}

/**
 * What the rows of a table say of their kernel: the cell of the first row in the column `kernel`. Undefined where there is no such column.
 *
 * @param first - the first row; undefined for a table without rows
 */
export function readKernelCell({ text }: TextLine, first: TextLine | undefined): string | undefined {
  for (const delimiter of DELIMITERS) {
    const at = splitLine(text, delimiter).findIndex((name) => name.toLowerCase() === KERNEL_COLUMN);
    if (at >= 0) return first === undefined ? '' : (splitLine(first.text, delimiter)[at] ?? '');
  }
  return undefined;
}

function countKeys({ keys }: CsvHeader): number {
  return new Set(keys.filter((key) => key !== undefined)).size;
}

function headerProblems({ columns, keys }: CsvHeader, known: readonly string[]): readonly Problem[] {
  if (countKeys({ columns, keys, delimiter: '' }) === 0)
    return [{ message: `no column is one of ${known.join(', ')}; the first line is ${showValue(columns.join(', '))}` }];
  return known.flatMap((key): readonly Problem[] => {
    const at = keys.flatMap((one, index) => (one === key ? [index] : []));
    if (at.length === 0) {
      const own = columns.filter((_, index) => keys[index] === undefined);
      return nameNearMisses([{ key, message: 'is missing' }], own).map(({ message }) => ({ message: `the column ${key} ${message}` }));
    }
    const named = at.map((index) => `${columns[index]} (column ${index + 1})`);
    return at.length === 1 ? [] : [{ message: `more than one column is ${key}: ${named.join(', ')}` }];
  });
}
