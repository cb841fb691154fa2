import type { ReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import { explainFileError, readTextFile } from '@nnm/builder';
import { type AnyKernel, configProblems, InvalidFileError, type KernelConfig, type Problem } from '@nnm/core';
import { UsageError } from './errors.ts';

/**
 * A configuration as it is written on a command line: `HW=56,CIN=64`.
 *
 * @throws {@link UsageError} naming the part that is wrong
 */
export function parseConfigText(text: string): KernelConfig {
  const entries = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part): [string, number] => {
      const [key, value, ...rest] = part.split('=').map((piece) => piece.trim());
      if (!key || !value || rest.length > 0 || !Number.isFinite(Number(value))) {
        throw new UsageError({
          message: `--config has a part that is not KEY=number: "${part}".`,
          hint: 'Write it like `--config HW=56,CIN=64,COUT=128`.',
        });
      }
      return [key, Number(value)];
    });
  const twice = entries.find(([key], index) => entries.findIndex(([other]) => other === key) !== index);
  if (twice !== undefined) throw new UsageError({ message: `--config names ${twice[0]} twice.` });
  if (entries.length === 0)
    throw new UsageError({ message: '--config is empty.', hint: 'Write it like `--config HW=56,CIN=64,COUT=128`.' });
  return Object.fromEntries(entries);
}

/** A configuration as a file has it, where it stands there, and what is wrong with it. */
export interface ConfigRow {
  /** Checked only where `problems` is empty. */
  readonly config: KernelConfig;
  readonly problems: readonly Problem[];
}

/**
 * Configurations in a file: JSON (a configuration, a list of them, or a config file of a workspace), JSON Lines (`.jsonl`), or CSV with a
 * header of keys.
 *
 * @param kernel - its keys name the columns of a CSV file that are read; others are ignored
 * @throws core's `InvalidFileError` listing every row that is wrong, `FileAccessError`
 */
export async function readConfigs(file: string, kernel: AnyKernel): Promise<readonly KernelConfig[]> {
  const rows: ConfigRow[] = [];
  for await (const row of streamConfigs(file, kernel)) rows.push(row);
  const problems = rows.flatMap((row) => row.problems);
  if (problems.length === 0 && rows.length === 0) problems.push({ message: 'it holds no configuration' });
  if (problems.length > 0) throw new InvalidFileError({ file, problems });
  return rows.map(({ config }) => config);
}

/**
 * {@link readConfigs} row by row, in flat memory for CSV and JSON Lines.
 *
 * @param onBytes - told how much of the file has been read so far
 * @throws core's `InvalidFileError` when the file is no such file at all, `FileAccessError`
 */
export async function* streamConfigs(
  file: string,
  kernel: AnyKernel,
  onBytes: (read: number) => void = () => undefined,
): AsyncGenerator<ConfigRow> {
  for await (const { config, ...where } of READERS[extname(file).toLowerCase()]?.(file, kernel, onBytes) ?? readJson(file, kernel)) {
    const problems = configProblems(kernel, config).map(({ key, message }) => ({
      ...where,
      message: key === undefined ? message : `${key} ${message}`,
    }));
    yield { config: config as KernelConfig, problems };
  }
}

interface Row {
  readonly config: unknown;
  readonly line?: number;
  readonly key?: string;
}

const READERS: Readonly<Record<string, (file: string, kernel: AnyKernel, onBytes: (read: number) => void) => AsyncGenerator<Row>>> = {
  '.csv': readCsv,
  '.jsonl': readJsonLines,
  '.ndjson': readJsonLines,
};

async function* readCsv(file: string, kernel: AnyKernel, onBytes: (read: number) => void): AsyncGenerator<Row> {
  const { parse } = await import('csv-parse');
  const keys = Object.keys(kernel.configSpace);
  const parser = parse({ bom: true, columns: true, skip_empty_lines: true, trim: true, info: true });
  const source = await openSource(file);
  source.on('error', (error) => parser.destroy(error));
  try {
    for await (const { record, info } of source.pipe(parser) as AsyncIterable<CsvRecord>) {
      onBytes(source.bytesRead);
      const given = keys.filter((key) => record[key] !== undefined && record[key] !== '');
      yield { line: info.lines, config: Object.fromEntries(given.map((key) => [key, readNumber(record[key]!)])) };
    }
  } catch (cause) {
    if (!(cause as { code?: string }).code?.startsWith('CSV_')) throw explainFileError(cause, file, 'read');
    throw new InvalidFileError({ file, problems: [{ message: `it is not CSV: ${(cause as Error).message}` }] }, { cause });
  } finally {
    source.destroy();
  }
}

interface CsvRecord {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

async function* readJsonLines(file: string, _kernel: AnyKernel, onBytes: (read: number) => void): AsyncGenerator<Row> {
  const source = await openSource(file);
  try {
    let line = 0;
    for await (const text of createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY })) {
      onBytes(source.bytesRead);
      line++;
      if (text.trim() !== '') yield { line, config: parseLine(text) };
    }
  } catch (error) {
    throw explainFileError(error, file, 'read');
  } finally {
    source.destroy();
  }
}

async function openSource(file: string): Promise<ReadStream> {
  try {
    const handle = await open(file);
    if ((await handle.stat()).isFile()) return handle.createReadStream({ highWaterMark: 1 << 18 });
    await handle.close();
    throw Object.assign(new Error(`${file} is no file`), { code: 'EISDIR' });
  } catch (error) {
    throw explainFileError(error, file, 'read');
  }
}

/** What the line holds, or the line itself when it is not JSON, so that an error can show it. */
function parseLine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // It is not JSON; the caller says so.
    return text;
  }
}

/** The number, or the text itself when it is none, so that an error can show it. */
function readNumber(text: string): number | string {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}

async function* readJson(file: string, kernel: AnyKernel): AsyncGenerator<Row> {
  const text = await readTextFile(file);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new InvalidFileError(
      {
        file,
        problems: [{ message: `it is not JSON: ${(cause as Error).message}` }],
        hint: 'Files ending in .csv are read as CSV, .jsonl as JSON Lines, all others as JSON.',
      },
      { cause },
    );
  }
  const entries = (json as Record<string, unknown> | null)?.[kernel.type];
  if (Array.isArray(json)) yield* json.map((config: unknown, index) => ({ config, key: `[${index}]` }));
  else if (typeof entries !== 'object' || entries === null) yield { config: json };
  // A config file of a workspace: { "<kernel>": { "<id>": { "config": { … } } } }
  else yield* Object.entries(entries).map(([id, entry]) => ({ key: id, config: (entry as { config?: unknown } | null)?.config }));
}
