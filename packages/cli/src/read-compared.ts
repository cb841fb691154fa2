import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { mergeRepeats } from '@nnm/builder';
import type { Registry } from '@nnm/core';
import { type KernelLatencies, type ReadLatencySource, readLatencySource } from '@nnm/report';
import { formatOfName, type InputFormat } from './input/input-format.ts';
import { displayName, isStandardInput } from './input/standard-input.ts';
import { type LabelledRow, readLabelledRows } from './stages/labelled-rows.ts';

/** How one side of a comparison is read. */
interface ComparedOptions {
  /** Kernels to compare; default: all. One alone is also that of rows that do not say of which they are. */
  readonly kernels?: readonly string[] | undefined;
  readonly format?: InputFormat | undefined;
}

/**
 * One side of a comparison: a workspace, or measured rows of a file or of standard input.
 *
 * @throws as `readLatencySource` and `readLabelledRows` do
 */
export async function readCompared(place: string, registry: Registry, options: ComparedOptions): Promise<ReadLatencySource> {
  const { kernels, format } = options;
  if (!isFile(place)) return readLatencySource(resolve(place), registry, kernels);
  const kernel = kernels?.length === 1 ? kernels[0] : undefined;
  const { rows, problems } = await readLabelledRows([place], registry, { kernel, format, setting: {} });
  const wanted = rows.filter((row) => kernels === undefined || kernels.includes(row.kernel));
  const read = new Map<string, KernelLatencies>();
  for (const type of kernels ?? new Set(rows.map((row) => row.kernel)))
    read.set(type, latenciesOf(wanted.filter((row) => row.kernel === type)));
  return {
    name: isStandardInput(place) ? displayName(place) : basename(place),
    kernels: read,
    problems: problems.map((problem) => `${problem}.`),
    ...theOne('backend', wanted),
    ...theOne('implement', wanted),
    ...theOne('batchSize', wanted),
  };
}

function isFile(place: string): boolean {
  return isStandardInput(place) || (statSync(place, { throwIfNoEntry: false })?.isFile() ?? formatOfName(place) !== undefined);
}

/** Each configuration once; flagged labels, which count nowhere, stay as they are. */
function latenciesOf(rows: readonly LabelledRow[]): KernelLatencies {
  const isFlagged = ({ flags = [] }: LabelledRow): boolean => flags.length > 0;
  const sound = rows.filter((row) => !isFlagged(row)).map(({ flags: _, id = '', ...row }) => ({ ...row, id }));
  return { rows: [...mergeRepeats(sound).rows, ...rows.filter(isFlagged)] };
}

/** What all rows say alike. */
function theOne<K extends 'backend' | 'implement' | 'batchSize'>(name: K, rows: readonly LabelledRow[]): Partial<Pick<LabelledRow, K>> {
  const values = new Set(rows.map((row) => row[name]));
  const [value] = values;
  return values.size === 1 && value !== undefined ? ({ [name]: value } as Partial<Pick<LabelledRow, K>>) : {};
}
