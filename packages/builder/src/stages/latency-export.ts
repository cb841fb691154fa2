import path from 'node:path';
import { InvalidArgumentError } from '@nnm/core';
import { readMeasured, type Setting } from '../data/measured-data.ts';
import { fileExists, formatLatency, type LatencyEntry, readLatencyFile, type Workspace } from '../workspace/index.ts';
import { kernelId } from './kernel-id.ts';
import { labelledSamples, type MeasuredSample } from './records.ts';
import { configEntry } from './sample.ts';

/**
 * The latency file of a kernel in a workspace.
 *
 * @param saveName - another name than `profiled_<kernel>.json`
 * @throws {@link InvalidArgumentError} when that is no name of a JSON file
 */
export function latencyFile(workspace: Workspace, kernelType: string, saveName = `profiled_${kernelType}.json`): string {
  if (!/^[\w.-]+\.json$/.test(saveName)) {
    throw new InvalidArgumentError({ name: 'saveName', expected: 'the name of a JSON file, without a folder', got: saveName });
  }
  return path.join(workspace.paths.results, saveName);
}

/**
 * The content of a kernel's latency file: what the journal has of it under this setting. Samples whose time ran out are no records yet:
 * their latencies so far are taken from what was just measured, or from the file as it is.
 *
 * @param options - `file`: default the kernel's own; one of another name holds what was measured into it, and not all. `measured`: what
 *   was measured just now
 */
export async function exportLatencies(
  kernelType: string,
  setting: Setting & { readonly detail?: boolean },
  options: { readonly file?: string; readonly measured?: readonly MeasuredSample[] } = {},
): Promise<Readonly<Record<string, LatencyEntry>>> {
  const { workspace } = setting;
  const own = latencyFile(workspace, kernelType);
  const { file = own, measured = [] } = options;
  const { rows } = file === own ? await readMeasured(kernelType, setting) : { rows: [] };
  const recorded = new Set(rows.flatMap(({ id, stats }) => (stats === undefined ? [] : [id])));
  const unfinished = labelledSamples(measured).filter(({ id }) => !recorded.has(id));
  const fresh = new Set(unfinished.map(({ id }) => id));
  const earlier = (await fileExists(file, workspace.files)) ? ((await readLatencyFile(file, workspace.files))[kernelType] ?? {}) : {};
  const current = [...rows.filter(({ id }) => !fresh.has(id)), ...unfinished];
  const entries = current.map((row): readonly [string, LatencyEntry] => {
    if (row.stats === undefined) return [row.id, earlier[row.id] as LatencyEntry];
    const latency = formatLatency(row.latencyMs, row.spreadMs);
    if (!setting.detail) return [row.id, { latency }];
    return [row.id, { ...configEntry(row, setting), latency, detail: { ...row.stats, flags: row.flags } }];
  });
  const known = new Set(current.map(({ id }) => id));
  const others = Object.entries(earlier).filter(([id, entry]) => !known.has(id) && isOfSetting(kernelType, id, entry, setting));
  return Object.fromEntries([...others, ...entries]);
}

/** Whether an entry of the latency file that no config file speaks of may stay: it says itself that it is of this setting. */
function isOfSetting(kernelType: string, id: string, { config }: LatencyEntry, setting: Setting): boolean {
  return config !== undefined && kernelId(kernelType, config, setting) === id;
}
