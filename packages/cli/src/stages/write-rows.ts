import { extname } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { UsageError } from '../errors.ts';
import { formatOfName } from '../input/input-format.ts';
import { ROW_COLUMNS, type StageRow } from './stage-row.ts';

/** How rows are written. */
export const ROW_FORMATS = ['jsonl', 'csv'] as const;
export type RowFormat = (typeof ROW_FORMATS)[number];

/** The format that a file's name asks for: a table for `.csv` and `.tsv`, JSON Lines for everything else. */
export function rowFormatOf(file: string | undefined): RowFormat {
  return file !== undefined && formatOfName(file) === 'csv' ? 'csv' : 'jsonl';
}

/**
 * Rows as text: JSON Lines, or a table with a header.
 *
 * @param file - its ending says what separates the cells of a table: tabs for `.tsv`
 * @throws {@link UsageError} when a table would have to hold several kernels
 */
export function renderRows(rows: readonly StageRow[], format: RowFormat, file = ''): string {
  return format === 'jsonl' ? rows.map((row) => `${JSON.stringify(row)}\n`).join('') : renderTable(rows, file);
}

/** @throws {@link UsageError} when a table would have to hold rows of several kernels */
export function assertTable(rows: readonly Pick<StageRow, 'kernel'>[]): void {
  const kernels = [...new Set(rows.map(({ kernel = '' }) => kernel))];
  if (kernels.length > 1) {
    throw new UsageError({
      message: `A table holds one kernel, not ${kernels.length}: ${kernels.map((kernel) => kernel || 'of no kernel').join(', ')}.`,
      hint: 'Write JSON Lines instead, to a file that ends in .jsonl.',
    });
  }
}

function renderTable(rows: readonly StageRow[], file: string): string {
  assertTable(rows);
  const keys = [...new Set(rows.flatMap(({ config }) => Object.keys(config ?? {})))];
  const columns = ROW_COLUMNS.filter(([, cell]) => rows.some((row) => cell(row) !== undefined && cell(row) !== ''));
  const lines = rows.map((row) => [
    row.kernel ?? '',
    row.id,
    row.mark ?? '',
    ...keys.map((key) => row.config?.[key] ?? ''),
    ...columns.map(([, cell]) => cell(row) ?? ''),
  ]);
  const header = ['kernel', 'id', 'mark', ...keys, ...columns.map(([name]) => name)];
  return stringify([header, ...lines], { delimiter: extname(file).toLowerCase() === '.tsv' ? '\t' : ',' });
}
