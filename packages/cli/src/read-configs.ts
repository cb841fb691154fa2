import { type AnyKernel, configProblems, InvalidConfigError, InvalidFileError, type KernelConfig, type Problem } from '@nnm/core';
import { UsageError } from './errors.ts';
import type { InputRow } from './input/input-row.ts';
import { readTexts } from './input/json-rows.ts';
import { nameNearMisses } from './input/missing-keys.ts';
import { type InputOptions, openInput } from './input/open-input.ts';
import { oneKernel } from './input/row-kernels.ts';
import { displayName } from './input/standard-input.ts';

/**
 * What a command line says of a configuration, by name: `HW=56,CIN=64`.
 *
 * @throws {@link UsageError} naming the part that is wrong
 */
export function parseConfigText(text: string): Readonly<Record<string, string>> {
  const entries = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part): [string, string] => {
      const [key, value, ...rest] = part.split('=').map((piece) => piece.trim());
      if (!key || !value || rest.length > 0) {
        throw new UsageError({
          message: `--config has a part that is not KEY=number: "${part}".`,
          hint: 'Write it like `--config HW=56,CIN=64,COUT=128`.',
        });
      }
      return [key, value];
    });
  const twice = entries.find(([key], index) => entries.findIndex(([other]) => other === key) !== index);
  if (twice !== undefined) throw new UsageError({ message: `--config names ${twice[0]} twice.` });
  if (entries.length === 0)
    throw new UsageError({ message: '--config is empty.', hint: 'Write it like `--config HW=56,CIN=64,COUT=128`.' });
  return Object.fromEntries(entries);
}

/**
 * The configuration of a kernel that a command line gives, by the rule of files: what is no key of the kernel is the user's own.
 *
 * @throws core's `InvalidConfigError` listing everything that is wrong with it
 */
export function configOfTexts(texts: Readonly<Record<string, string>>, kernel: AnyKernel): KernelConfig {
  const { config, own, problem } = readTexts(texts, kernel);
  const problems = problem !== undefined ? [{ message: problem }] : nameNearMisses(configProblems(kernel, config), Object.keys(own));
  if (problems.length > 0) throw new InvalidConfigError({ kernel: kernel.type, problems });
  return config as KernelConfig;
}

/** A configuration as a file has it, where it stands there, and what is wrong with it. */
export interface ConfigRow {
  /** Checked only where `problems` is empty. */
  readonly config: KernelConfig;
  readonly problems: readonly Problem[];
  /** What the row holds besides its configuration, by name. */
  readonly own: Readonly<Record<string, unknown>>;
  /** The cells of a CSV row as they stand there, one for each column. */
  readonly cells?: readonly string[];
}

/** The configurations of a file, row by row; `columns` are those of a CSV file as its first line names them. */
export interface ConfigRows {
  readonly columns?: readonly string[];
  readonly rows: AsyncIterable<ConfigRow>;
}

/**
 * Configurations in a file, or of standard input (`-`): JSON (a configuration, a list of them, or a config file of a workspace), JSON Lines,
 * or CSV with a header of keys. What is no key of the kernel is the user's own.
 *
 * @throws core's `InvalidFileError` listing every row that is wrong, `FileAccessError`
 */
export async function readConfigs(file: string, kernel: AnyKernel, options?: InputOptions): Promise<readonly KernelConfig[]> {
  const rows: ConfigRow[] = [];
  for await (const row of (await openConfigs(file, kernel, options)).rows) rows.push(row);
  const problems = rows.flatMap((row) => row.problems);
  if (problems.length === 0 && rows.length === 0) problems.push({ message: 'it holds no configuration' });
  if (problems.length > 0) throw new InvalidFileError({ file: displayName(file), problems });
  return rows.map(({ config }) => config);
}

/**
 * {@link readConfigs} row by row, in flat memory for CSV and JSON Lines.
 *
 * @throws core's `InvalidFileError` when the file is no such file at all, `FileAccessError`
 */
export async function openConfigs(file: string, kernel: AnyKernel, options?: InputOptions): Promise<ConfigRows> {
  const { columns, rows } = await openInput(file, oneKernel(kernel), options);
  return { ...(columns && { columns }), rows: checkRows(rows, kernel) };
}

async function* checkRows(rows: AsyncIterable<InputRow>, kernel: AnyKernel): AsyncGenerator<ConfigRow> {
  for await (const { kernel: _, config, own, cells, problem, ...where } of rows) {
    const wrong = problem !== undefined ? [{ message: problem }] : nameNearMisses(configProblems(kernel, config), Object.keys(own));
    const problems = wrong.map(({ key, message }: Problem) => ({ ...where, message: key === undefined ? message : `${key} ${message}` }));
    yield { config: config as KernelConfig, problems, own, ...(cells && { cells }) };
  }
}
