import { completeConfig } from '@nnm/builder';
import { configProblems, InvalidFileError, type KernelConfig, type Problem, type Registry } from '@nnm/core';
import type { InputFormat } from '../input/input-format.ts';
import type { InputRow } from '../input/input-row.ts';
import { nameNearMisses } from '../input/missing-keys.ts';
import { openInput } from '../input/open-input.ts';
import { namedKernels } from '../input/row-kernels.ts';
import { displayName } from '../input/standard-input.ts';
import { readFacts } from './row-facts.ts';
import type { StageRow } from './stage-row.ts';

/** How a file of rows is read. */
export interface RowOptions {
  /** The kernel of rows that do not say it. */
  readonly kernel?: string | undefined;
  readonly format?: InputFormat | undefined;
}

/** A row as a file has it: what could be read of it, and what is wrong with it. */
export interface ReadRow extends Partial<StageRow> {
  readonly problems: readonly Problem[];
}

/**
 * The rows of a file, or of standard input (`-`): JSON Lines, JSON, or a table with a header. Config and latency files of a workspace are
 * read too.
 *
 * @throws core's `InvalidFileError` when it is no such file at all, `FileAccessError`, `UnknownIdError`
 */
export async function* readRows(file: string, registry: Registry, { kernel, format }: RowOptions): AsyncGenerator<ReadRow> {
  const { rows } = await openInput(file, namedKernels(registry, kernel), { format });
  for await (const row of rows) yield toReadRow(row);
}

/**
 * Rows that all are right.
 *
 * @throws core's `InvalidFileError` with everything that is wrong, or when there is none
 */
export async function readWholeRows(file: string, registry: Registry, options: RowOptions): Promise<readonly ReadRow[]> {
  const rows: ReadRow[] = [];
  for await (const row of readRows(file, registry, options)) rows.push(row);
  const problems = rows.flatMap((row) => row.problems);
  if (problems.length === 0 && rows.length === 0) problems.push({ message: 'it holds no row' });
  if (problems.length > 0) throw new InvalidFileError({ file: displayName(file), problems, hint: ROW_HINT });
  return rows;
}

/** Said where a file holds no rows. */
export const ROW_HINT = 'A row is a line such as { "kernel": "conv-bn-relu", "config": { "HW": 28, … } }, or one of a table with a header.';

function toReadRow({ kernel, config, own, problem, line, key }: InputRow): ReadRow {
  const { facts, problem: factProblem } = readFacts(own);
  const at = { ...(line !== undefined && { line }), ...(key !== undefined && { key }) };
  // A graph or model of one's own is of no kernel that nnm knows
  if (kernel === undefined && facts.model !== undefined && own.kernel === undefined) return { ...facts, problems: [] };
  const wrong = problem ?? factProblem;
  if (kernel === undefined || wrong !== undefined) {
    return { ...facts, ...(kernel && { kernel: kernel.type }), problems: [{ ...at, message: wrong ?? 'it has no kernel' }] };
  }
  const row = { kernel: kernel.type, ...facts };
  const isBare = config === undefined || (typeof config === 'object' && config !== null && Object.keys(config).length === 0);
  // A model is measured without its configuration too, and a latency may have it in another file
  if (isBare && (facts.model !== undefined || (facts.latencyMs !== undefined && facts.id !== undefined))) return { ...row, problems: [] };
  const completed = completeConfig(kernel, config).config;
  const problems = nameNearMisses(configProblems(kernel, completed), Object.keys(own)).map(({ key: name, message }) => ({
    ...at,
    message: name === undefined ? message : `${name} ${message}`,
  }));
  return problems.length > 0 ? { ...row, problems } : { ...row, config: completed as KernelConfig, problems };
}
