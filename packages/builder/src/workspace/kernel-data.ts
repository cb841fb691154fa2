import path from 'node:path';
import { configKey, InvalidFileError, type KernelConfig, type Problem, type Shape } from '@nnm/core';
import { type FileSystem, fileExists, readJsonFile } from '@nnm/profiler';
import { z } from 'zod';
import type { Workspace } from './workspace.ts';

/** One entry of a config file. */
export interface ConfigEntry {
  /** Path of the saved kernel graph, relative to the workspace. */
  readonly model: string;
  /** Shapes of the inputs without the batch. */
  readonly shapes: readonly Shape[];
  readonly config: KernelConfig;
}

/** One entry of a latency file; with `DETAIL: TRUE` it says what was measured, so that the file is a complete data set. */
export interface LatencyEntry extends Partial<ConfigEntry> {
  /** `"37.53 +- 0.314"`: milliseconds, the chosen statistic and its spread. */
  readonly latency: string;
  /** Every statistic of the measurement, with `DETAIL: TRUE`. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** `{ "<kernel>": { "<ID>": entry } }`, the shape of config and latency files. */
export type KernelFile<E> = Readonly<Record<string, Readonly<Record<string, E>>>>;

/** A configuration with its label. */
export interface LabelledConfig {
  readonly id: string;
  readonly kernel: string;
  readonly config: KernelConfig;
  readonly latencyMs: number;
  /** Absent where it is unknown. */
  readonly spreadMs?: number;
  /** Standard deviation expected of the latency if it were measured again, where it is known. */
  readonly repeatabilityMs?: number;
  /** Why the measurement is less certain than asked for, where that is known. */
  readonly flags?: readonly string[];
}

const configFileSchema = z.record(
  z.string(),
  z.record(
    z.string(),
    z.looseObject({
      model: z.string().default(''),
      shapes: z.array(z.array(z.number())).default([]),
      config: z.record(z.string(), z.number()),
    }),
  ),
);
const latencyFileSchema = z.record(
  z.string(),
  z.record(
    z.string(),
    z.looseObject({
      model: z.string().optional(),
      shapes: z.array(z.array(z.number())).optional(),
      config: z.record(z.string(), z.number()).optional(),
      latency: z.union([z.string(), z.number()]),
      detail: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
);

/** Write a latency as latency files do: `"37.53 +- 0.314"`, milliseconds with six significant digits; `nan` is an unknown spread. */
export function formatLatency(latencyMs: number, spreadMs: number | undefined): string {
  return `${Number(latencyMs.toPrecision(6))} +- ${spreadMs === undefined ? 'nan' : Number(spreadMs.toPrecision(3))}`;
}

/**
 * Read `"37.53 +- 0.314"` or a plain number; undefined when it is neither. A latency that is NaN or negative is returned as it is; a spread
 * that is absent, `nan` or negative is unknown.
 */
export function parseLatency(text: string | number): { readonly latencyMs: number; readonly spreadMs?: number } | undefined {
  if (typeof text === 'number') return { latencyMs: text };
  const [value, spread = 'nan', ...rest] = text.split('+-').map((part) => part.trim());
  const latencyMs = readNumber(value);
  const spreadMs = readNumber(spread);
  if (rest.length > 0 || latencyMs === undefined || spreadMs === undefined) return undefined;
  return { latencyMs, ...(spreadMs >= 0 && { spreadMs }) };
}

function readNumber(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (text.toLowerCase() === 'nan') return Number.NaN;
  const value = Number(text);
  return Number.isNaN(value) ? undefined : value;
}

/** @throws {@link InvalidFileError}, {@link FileAccessError} */
export async function readConfigFile(file: string, files?: FileSystem): Promise<KernelFile<ConfigEntry>> {
  return parseKernelFile(file, await readJsonFile(file, files), configFileSchema);
}

/** @throws {@link InvalidFileError}, {@link FileAccessError} */
export async function readLatencyFile(file: string, files?: FileSystem): Promise<KernelFile<LatencyEntry>> {
  const parsed = parseKernelFile(file, await readJsonFile(file, files), latencyFileSchema);
  return mapEntries(parsed, ({ latency, ...rest }) => ({ ...rest, latency: String(latency) }) as LatencyEntry);
}

function parseKernelFile<E>(file: string, json: unknown, schema: z.ZodType<KernelFile<E>>): KernelFile<E> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path: key, message }) => ({ key: key.join('.'), message }));
  throw new InvalidFileError({ file, problems, hint: 'The file must be { "<kernel>": { "<ID>": { … } } }, as nnm writes it.' });
}

function mapEntries<A, B>(file: KernelFile<A>, map: (entry: A) => B): KernelFile<B> {
  return Object.fromEntries(
    Object.entries(file).map(([kernel, entries]) => [
      kernel,
      Object.fromEntries(Object.entries(entries).map(([id, entry]) => [id, map(entry)])),
    ]),
  );
}

/** Merge config or latency files; later files win where two hold the same id of the same kernel. */
export function mergeKernelFiles<E>(files: readonly KernelFile<E>[]): KernelFile<E> {
  const merged: Record<string, Record<string, E>> = {};
  for (const file of files) {
    for (const [kernel, entries] of Object.entries(file)) merged[kernel] = { ...merged[kernel], ...entries };
  }
  return merged;
}

/** What {@link joinKernelData} could not use, one line each, with counts. */
export interface JoinedKernelData {
  readonly rows: readonly LabelledConfig[];
  readonly problems: readonly Problem[];
}

/**
 * Join configurations and latencies of one kernel by id. Ids in one file only, latencies that are not positive numbers and
 * configurations measured twice with different latencies are named and counted, never dropped in silence.
 */
export function joinKernelData(kernel: string, configs: KernelFile<ConfigEntry>, latencies: KernelFile<LatencyEntry>): JoinedKernelData {
  const configEntries = configs[kernel] ?? {};
  const latencyEntries = latencies[kernel] ?? {};
  const noLatency = Object.keys(configEntries).filter((id) => latencyEntries[id] === undefined);
  const noConfig = Object.keys(latencyEntries).filter((id) => configEntries[id] === undefined);
  const rows: LabelledConfig[] = [];
  const unusable: string[] = [];
  for (const [id, { config }] of Object.entries(configEntries)) {
    const entry = latencyEntries[id];
    if (entry === undefined) continue;
    const label = parseLatency(entry.latency);
    if (label === undefined || !Number.isFinite(label.latencyMs) || label.latencyMs <= 0) unusable.push(`${id} ("${entry.latency}")`);
    else rows.push({ id, kernel, config, ...label });
  }
  const problems = [
    ...describeIds(noLatency, 'with a configuration but no latency'),
    ...describeIds(noConfig, 'with a latency but no configuration'),
    ...describeIds(unusable, 'with a latency that is not a positive number of milliseconds'),
    ...describeIds(findDisagreements(rows), 'with the same configuration but latencies that differ by more than 10 %', 'pair'),
  ].map((message) => ({ key: kernel, message }));
  return { rows, problems };
}

/** One sentence that counts ids and names the first of them; none without ids. */
export function describeIds(ids: readonly string[], what: string, noun = 'id'): readonly string[] {
  if (ids.length === 0) return [];
  const shown = ids.slice(0, 5).join(', ');
  return [`${ids.length} ${noun}${ids.length === 1 ? '' : 's'} ${what}: ${shown}${ids.length > 5 ? ` and ${ids.length - 5} more` : ''}`];
}

/** Pairs of ids with the same configuration whose latencies are more than 10 % apart. */
export function findDisagreements(rows: readonly LabelledConfig[]): readonly string[] {
  const first = new Map<string, LabelledConfig>();
  return rows.flatMap((row) => {
    const key = configKey(row.config);
    const other = first.get(key);
    if (other === undefined) first.set(key, row);
    return other !== undefined && Math.abs(row.latencyMs / other.latencyMs - 1) > 0.1 ? [`${other.id} and ${row.id}`] : [];
  });
}

/** Files of kernel data in a results folder: every `<kernel>_<mark>.json` and `profiled_<kernel>.json`. */
export async function listKernelFiles(
  { paths: { results }, files }: Pick<Workspace, 'paths' | 'files'>,
  kernel: string,
): Promise<{ readonly configs: readonly string[]; readonly latencies: readonly string[] }> {
  const names = files.stat(results) === undefined ? [] : [...files.list(results)].sort();
  const configs = names.filter((name) => name.startsWith(`${kernel}_`) && name.endsWith('.json')).map((name) => path.join(results, name));
  const latency = path.join(results, `profiled_${kernel}.json`);
  return { configs, latencies: (await fileExists(latency, files)) ? [latency] : [] };
}

/** @throws {@link InvalidFileError} when the joined data of a kernel has no usable row */
export function requireRows(kernel: string, file: string, { rows, problems }: JoinedKernelData): readonly LabelledConfig[] {
  if (rows.length > 0) return rows;
  throw new InvalidFileError({
    file,
    problems: problems.length > 0 ? problems : [{ key: kernel, message: 'there are no rows of this kernel' }],
  });
}
