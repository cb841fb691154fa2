import type { AnyKernel } from '@nnm/core';
import { readCsvHeader } from './csv-header.ts';
import { type CsvRecord, csvRecords } from './csv-records.ts';
import { SEPARATOR_LINE } from './input-format.ts';
import { type InputRow, type InputRows, readNumber } from './input-row.ts';
import type { TextLine } from './text-lines.ts';

/**
 * The configurations of a CSV file with a header. What is wrong with a row is said of that row.
 *
 * @throws core's `InvalidFileError` when the header does not name the kernel's keys, `FileAccessError`
 */
export async function openCsv(file: string, lines: AsyncGenerator<TextLine>, kernel: AnyKernel): Promise<InputRows> {
  let first: TextLine | undefined;
  do first = (await lines.next()).value as TextLine | undefined;
  while (first !== undefined && (first.text.trim() === '' || SEPARATOR_LINE.test(first.text.trim())));
  if (first === undefined) return { columns: [], rows: none() };
  const { delimiter, columns, keys } = await headerOrClose(lines, () => readCsvHeader(file, first, kernel));
  const names = distinctNames(columns);
  const toRow = ({ line, cells, problem }: CsvRecord): InputRow => {
    const wrongWidth = problem ?? widthProblem(cells, columns.length);
    const padded = columns.map((_, index) => cells[index] ?? '');
    const given = padded.flatMap((cell, index) => (keys[index] === undefined || cell === '' ? [] : [[keys[index], readNumber(cell)]]));
    const own = padded.flatMap((cell, index) => (keys[index] === undefined ? [[names[index], cell]] : []));
    return {
      line,
      config: Object.fromEntries(given),
      own: Object.fromEntries(own),
      cells: padded,
      ...(wrongWidth !== undefined && { problem: wrongWidth }),
    };
  };
  return { columns, rows: mapRows(csvRecords(lines, delimiter, columns.length), toRow) };
}

/** A header that is refused leaves no file open. */
async function headerOrClose<T>(lines: AsyncGenerator<TextLine>, read: () => T): Promise<T> {
  try {
    return read();
  } catch (error) {
    await lines.return(undefined);
    throw error;
  }
}

/** Says also what stands beyond the last column, which no column of the output can hold. */
function widthProblem(cells: readonly string[], width: number): string | undefined {
  const beyond = cells.slice(width);
  if (cells.length === width || (cells.length > width && beyond.every((cell) => cell === ''))) return undefined;
  const rest = beyond.length > 0 ? `; beyond its last column: ${beyond.map((cell) => JSON.stringify(cell)).join(', ')}` : '';
  return `it has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}, the first line ${width}${rest}`;
}

/** Names that tell columns apart: `note`, `note_2`. */
function distinctNames(columns: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return columns.map((name, index) => {
    const base = name === '' ? `column_${index + 1}` : name;
    const count = (seen.get(base) ?? 0) + 1;
    seen.set(base, count);
    return count === 1 ? base : `${base}_${count}`;
  });
}

async function* mapRows(records: AsyncIterable<CsvRecord>, toRow: (record: CsvRecord) => InputRow): AsyncGenerator<InputRow> {
  for await (const record of records) yield toRow(record);
}

async function* none(): AsyncGenerator<InputRow> {
  // An empty file has no rows
}
