import { extname } from 'node:path';
import {
  type AnyKernel,
  checkConfig,
  InvalidConfigError,
  InvalidFileError,
  type KernelConfig,
  type Problem,
  readTextFile,
} from '@nnm/core';
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

/**
 * Configurations in a file: JSON (a configuration, a list of them, or a config file of a workspace) or CSV with a header of keys.
 *
 * @param kernel - its keys name the columns of a CSV file that are read; others are ignored
 * @throws core's `InvalidFileError` listing every row that is wrong, `FileAccessError`
 */
export async function readConfigs(file: string, kernel: AnyKernel): Promise<readonly KernelConfig[]> {
  const text = await readTextFile(file);
  const rows =
    extname(file).toLowerCase() === '.csv' ? await readCsv(file, text, Object.keys(kernel.configSpace)) : readJson(file, text, kernel.type);
  const problems = rows.flatMap(({ config, ...where }) => configProblems(kernel, config).map((problem) => ({ ...where, ...problem })));
  if (problems.length === 0 && rows.length === 0) problems.push({ message: 'it holds no configuration' });
  if (problems.length > 0) throw new InvalidFileError({ file, problems });
  return rows.map(({ config }) => config as KernelConfig);
}

interface Row {
  readonly config: unknown;
  readonly line?: number;
  readonly key?: string;
}

async function readCsv(file: string, text: string, keys: readonly string[]): Promise<readonly Row[]> {
  const { parse } = await import('csv-parse/sync');
  try {
    const records = parse(text, { bom: true, columns: true, skip_empty_lines: true, trim: true, info: true }) as unknown as readonly {
      record: Record<string, string>;
      info: { lines: number };
    }[];
    return records.map(({ record, info }) => ({
      line: info.lines,
      config: Object.fromEntries(
        keys.filter((key) => record[key] !== undefined && record[key] !== '').map((key) => [key, readNumber(record[key]!)]),
      ),
    }));
  } catch (cause) {
    throw new InvalidFileError({ file, problems: [{ message: `it is not CSV: ${(cause as Error).message}` }] }, { cause });
  }
}

/** The number, or the text itself when it is none, so that an error can show it. */
function readNumber(text: string): number | string {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}

function readJson(file: string, text: string, kernel: string): readonly Row[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new InvalidFileError(
      {
        file,
        problems: [{ message: `it is not JSON: ${(cause as Error).message}` }],
        hint: 'Files ending in .csv are read as CSV, all others as JSON.',
      },
      { cause },
    );
  }
  if (Array.isArray(json)) return json.map((config: unknown, index) => ({ config, key: `[${index}]` }));
  const entries = (json as Record<string, unknown> | null)?.[kernel];
  if (typeof entries !== 'object' || entries === null) return [{ config: json }];
  // A config file of a workspace: { "<kernel>": { "<id>": { "config": { … } } } }
  return Object.entries(entries).map(([id, entry]) => ({ key: id, config: (entry as { config?: unknown } | null)?.config }));
}

function configProblems(kernel: AnyKernel, config: unknown): readonly Problem[] {
  if (typeof config !== 'object' || config === null || Array.isArray(config))
    return [{ message: 'is not a configuration such as { "HW": 56, "CIN": 64 }' }];
  const notNumbers = Object.entries(config)
    .filter(([, value]) => typeof value !== 'number' || !Number.isFinite(value))
    .map(([key, value]) => ({ message: `${key} must be a number, got ${JSON.stringify(value)}` }));
  return notNumbers.length > 0 ? notNumbers : kernelProblems(kernel, config as KernelConfig);
}

/** What the kernel itself has against a configuration. */
function kernelProblems(kernel: AnyKernel, config: KernelConfig): readonly Problem[] {
  try {
    checkConfig(kernel, config);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidConfigError)) throw error;
    const problems = error.details.problems as readonly Problem[];
    return problems.map(({ key, message }) => ({ message: `${key} ${message}` }));
  }
}
