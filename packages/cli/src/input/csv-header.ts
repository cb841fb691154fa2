import { type AnyKernel, InvalidFileError, type Problem } from '@nnm/core';
import { showValue } from '../output/show-value.ts';
import { parseRecord } from './csv-records.ts';
import { keyReader } from './key-names.ts';
import { nameNearMisses } from './missing-keys.ts';
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

/**
 * Understand the first line of a CSV file: which character separates its columns, and which of them are the kernel's keys, however they
 * are written (`HW`, `hw`, `Kernel size`).
 *
 * @throws core's `InvalidFileError`, once for the whole file: keys without a column, and columns that are there twice
 */
export function readCsvHeader(file: string, { text, line }: TextLine, kernel: AnyKernel): CsvHeader {
  const read = DELIMITERS.map((delimiter) => understand(text, delimiter, Object.keys(kernel.configSpace)));
  const best = read.reduce((one, other) => (countKeys(other) > countKeys(one) ? other : one));
  const problems = headerProblems(best, Object.keys(kernel.configSpace));
  if (problems.length === 0) return best;
  throw new InvalidFileError({
    file,
    problems: problems.map((problem) => ({ line, ...problem })),
    hint: `The first line of a CSV file names its columns: ${Object.keys(kernel.configSpace).join(', ')}, and any others.`,
  });
}

function understand(text: string, delimiter: string, known: readonly string[]): CsvHeader {
  const columns = parseRecord(text, delimiter, true) ?? text.split(delimiter).map((cell) => cell.trim());
  const keys = columns.map(keyReader(known));
  return { delimiter, columns, keys };
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
