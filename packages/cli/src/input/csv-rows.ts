import { InvalidFileError } from '@nnm/core';
import { KERNEL_COLUMN, readCsvHeader, readKernelCell } from './csv-header.ts';
import { type CsvRecord, csvRecords } from './csv-records.ts';
import { SEPARATOR_LINE } from './input-format.ts';
import { type InputRow, type InputRows, readNumber } from './input-row.ts';
import type { ReadableKernel, RowKernels } from './row-kernels.ts';
import type { TextLine } from './text-lines.ts';

/**
 * The configurations of a CSV file with a header. What is wrong with a row is said of that row.
 *
 * @throws core's `InvalidFileError` when the header does not name the kernel's keys, `FileAccessError`
 */
export async function openCsv(file: string, lines: AsyncGenerator<TextLine>, kernels: RowKernels): Promise<InputRows> {
  let first: TextLine | undefined;
  do first = (await lines.next()).value as TextLine | undefined;
  while (first !== undefined && (first.text.trim() === '' || SEPARATOR_LINE.test(first.text.trim())));
  if (first === undefined) return { columns: [], rows: none() };
  const { of, rest } = kernels.only === undefined ? await kernelOfTable(file, first, lines, kernels) : { of: kernels.only, rest: lines };
  const { delimiter, columns, keys } = await headerOrClose(rest, () => readCsvHeader(file, first, of));
  const { kernel } = of;
  const kernelColumn = kernels.keepsEntries ? columns.findIndex((name) => name.toLowerCase() === KERNEL_COLUMN) : -1;
  const names = distinctNames(columns);
  const toRow = ({ line, cells, problem }: CsvRecord): InputRow => {
    const padded = columns.map((_, index) => cells[index] ?? '');
    const given = padded.flatMap((cell, index) => (keys[index] === undefined || cell === '' ? [] : [[keys[index], readNumber(cell)]]));
    const own = padded.flatMap((cell, index) => (keys[index] === undefined ? [[names[index], cell]] : []));
    const named = padded[kernelColumn] ?? '';
    const isOther = named !== '' && named !== kernel.type;
    const other = isOther ? `it is of ${named}, not of ${kernel.type}; a table holds one kernel` : undefined;
    const wrong = problem ?? widthProblem(cells, columns.length) ?? other;
    return {
      kernel,
      line,
      config: Object.fromEntries(given),
      own: Object.fromEntries(own),
      cells: padded,
      ...(wrong !== undefined && { problem: wrong }),
    };
  };
  return { columns, rows: mapRows(csvRecords(rest, delimiter, columns.length), toRow) };
}

/** The kernel that the first row of a table names, and the lines behind the header. @throws core's `InvalidFileError` where it names none */
async function kernelOfTable(
  file: string,
  header: TextLine,
  lines: AsyncGenerator<TextLine>,
  kernels: RowKernels,
): Promise<{ readonly of: ReadableKernel; readonly rest: AsyncGenerator<TextLine> }> {
  let first: TextLine | undefined;
  do first = (await lines.next()).value as TextLine | undefined;
  while (first !== undefined && first.text.trim() === '');
  const of = kernels.of(readKernelCell(header, first));
  if (of.problem === undefined) return { of, rest: first === undefined ? lines : startAgain(first, lines) };
  await lines.return(undefined);
  throw new InvalidFileError({
    file,
    problems: [{ line: first?.line ?? header.line, message: of.problem }],
    hint: `A table says of which kernel its rows are in a column \`${KERNEL_COLUMN}\`.`,
  });
}

async function* startAgain(first: TextLine, rest: AsyncGenerator<TextLine>): AsyncGenerator<TextLine> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
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
