import { readTextFile } from '@nnm/builder';
import { InvalidFileError } from '@nnm/core';
import { openCsv } from './csv-rows.ts';
import { FORMAT_HINT, formatOfContent, formatOfName, type InputFormat } from './input-format.ts';
import type { InputRows } from './input-row.ts';
import { readJson, readJsonLines } from './json-rows.ts';
import type { RowKernels } from './row-kernels.ts';
import { displayName } from './standard-input.ts';
import { readLines, type TextLine } from './text-lines.ts';

/** What is known of a file of configurations before it is opened. */
export interface InputOptions {
  /** Default: what the file's name promises, or else what its content shows. */
  readonly format?: InputFormat | undefined;
  /** Told how much of the file has been read so far. */
  readonly onBytes?: (read: number) => void;
}

/**
 * The configurations of a file, or of standard input (`-`), row by row; in flat memory for CSV and JSON Lines.
 *
 * @throws core's `InvalidFileError` when it is no such file at all, `FileAccessError`
 */
export async function openInput(
  file: string,
  kernels: RowKernels,
  { format = formatOfName(file), onBytes = () => undefined }: InputOptions = {},
): Promise<InputRows> {
  if (format === 'json' && formatOfName(file) === 'json') return readJson(file, await readTextFile(file), kernels);
  const name = displayName(file);
  const lines = readLines(file, onBytes);
  const start: TextLine[] = [];
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    start.push(next.value);
    if (next.value.text.trim() !== '') break;
  }
  const all = replay(start, lines);
  const first = start.at(-1);
  switch (format ?? (first === undefined ? 'jsonl' : formatOfContent(first, kernels))) {
    case 'csv':
      return openCsv(name, all, kernels);
    case 'jsonl':
      return readJsonLines(all, kernels);
    case 'json':
      return readJson(name, await wholeText(all), kernels);
    default:
      await all.return(undefined);
      throw new InvalidFileError({
        file: name,
        problems: [
          {
            message: `it is neither JSON nor a table: no column of its first line is ${expectedColumns(kernels)}`,
          },
        ],
        hint: FORMAT_HINT,
      });
  }
}

function expectedColumns({ only }: RowKernels): string {
  return only === undefined ? '`kernel`' : `one of ${Object.keys(only.kernel.configSpace).join(', ')}`;
}

/** The lines that were looked at, and the rest. Whoever stops early leaves no file open. */
async function* replay(start: readonly TextLine[], rest: AsyncGenerator<TextLine>): AsyncGenerator<TextLine> {
  try {
    yield* start;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

async function wholeText(lines: AsyncIterable<TextLine>): Promise<string> {
  const texts: string[] = [];
  for await (const { text } of lines) texts.push(text);
  return texts.join('\n');
}
