import type { KernelConfig, Registry } from '@nnm/core';
import { InvalidFileError } from '@nnm/core';
import { displayName } from '../input/standard-input.ts';
import { countOf } from '../output/quantities.ts';
import { type ReadRow, type RowOptions, readRows } from './read-rows.ts';
import type { StageRow } from './stage-row.ts';

/** A row with a configuration and its latency. */
export interface LabelledRow extends Omit<StageRow, 'id'> {
  readonly id?: string;
  readonly kernel: string;
  readonly config: KernelConfig;
  readonly latencyMs: number;
}

/** How latencies must have been measured to count; what is undefined may be anything. */
export interface RowSetting {
  readonly backend?: string | undefined;
  readonly implement?: string | undefined;
  readonly batchSize?: number | undefined;
}

/** What {@link readLabelledRows} found. */
export interface LabelledRows {
  readonly rows: readonly LabelledRow[];
  /** What was left out, and why, with counts. */
  readonly problems: string[];
}

/**
 * Measured rows of several files. What a row lacks is looked for in a row of the same kernel and id, so that configurations and latencies
 * may stand in files of their own. Rows that cannot be used are named and counted.
 *
 * @throws core's `InvalidFileError` when not one row can be used, or a file holds none at all; `FileAccessError`
 */
export async function readLabelledRows(
  files: readonly string[],
  registry: Registry,
  { setting, ...options }: RowOptions & { readonly setting: RowSetting },
): Promise<LabelledRows> {
  const found = new Findings();
  const read: ReadRow[] = [];
  for (const file of files) {
    for await (const row of readRows(file, registry, options)) {
      const [problem] = row.problems;
      if (problem === undefined) read.push(row);
      else found.add(problem.message, files.length > 1 ? `${displayName(file)}:${problem.line ?? problem.key ?? ''}` : placeOf(problem));
    }
  }
  const rows: LabelledRow[] = [];
  for (const row of joinById(read)) {
    const { kernel, config, latencyMs } = row;
    const name = row.id ?? JSON.stringify(config);
    const other = otherSetting(row, setting);
    if (row.error !== undefined && latencyMs === undefined) found.add(`could not be measured (${row.error.code})`, name);
    else if (latencyMs === undefined) found.add('it has a configuration but no latency', name);
    else if (config === undefined || kernel === undefined) found.add('it has a latency but no configuration', name);
    else if (other !== undefined) found.add(other, name);
    else rows.push({ ...row, kernel, config, latencyMs });
  }
  if (rows.length > 0) return { rows, problems: [...found.problems] };
  const problems = found.problems.length > 0 ? found.problems : ['it holds no row'];
  throw new InvalidFileError({
    file: files.map(displayName).join(', '),
    problems: problems.map((message) => ({ message })),
    hint: 'A measured row is a line such as { "kernel": "conv-bn-relu", "config": { "HW": 28, … }, "latencyMs": 1.25 }, or one of a table with a header.',
  });
}

function placeOf({ line, key }: { readonly line?: number; readonly key?: string }): string {
  return line === undefined ? (key ?? '') : `line ${line}`;
}

/** Rows as they are; one without a configuration or a latency with what another one of its kernel and id has. */
function joinById(rows: readonly ReadRow[]): readonly ReadRow[] {
  const keyOf = ({ kernel, id }: ReadRow): string | undefined => (id === undefined ? undefined : `${kernel}/${id}`);
  const isWhole = ({ config, latencyMs, error }: ReadRow): boolean =>
    config !== undefined && (latencyMs !== undefined || error !== undefined);
  const halves = new Map<string, ReadRow>();
  const joined: ReadRow[] = [];
  for (const row of rows) {
    const key = keyOf(row);
    if (key === undefined || isWhole(row)) joined.push(row);
    else halves.set(key, { ...halves.get(key), ...row });
  }
  return [...joined, ...halves.values()];
}

function otherSetting(row: ReadRow, setting: RowSetting): string | undefined {
  const words = { backend: 'measured by', implement: 'of IMPLEMENT', batchSize: 'of BATCH_SIZE' } as const;
  for (const name of ['backend', 'implement', 'batchSize'] as const) {
    const [is, wanted] = [row[name], setting[name]];
    if (is !== undefined && wanted !== undefined && is !== wanted) return `it is ${words[name]} ${is}, not ${wanted}`;
  }
  return undefined;
}

/** What was left out, by the reason. */
class Findings {
  private readonly names = new Map<string, string[]>();

  add(reason: string, name: string): void {
    const known = this.names.get(reason) ?? [];
    known.push(name);
    this.names.set(reason, known);
  }

  get problems(): readonly string[] {
    return [...this.names].map(([reason, names]) => {
      const shown = names.slice(0, 3).filter(Boolean).join(', ');
      return `${countOf(names.length, 'row')} left out: ${reason}${shown && ` (${shown}${names.length > 3 ? ', …' : ''})`}`;
    });
  }
}
