import type { KernelConfig, Problem } from '@nnm/core';
import { type ProfiledRecord, readJournal } from '@nnm/profiler';
import { type Label, labelOf } from '../stages/label-of-record.ts';
import { journalFile } from '../stages/profile.ts';
import {
  type ConfigEntry,
  formatLatency,
  type JoinedKernelData,
  joinKernelData,
  type KernelFile,
  type LabelledConfig,
  type LatencyEntry,
  listKernelFiles,
  mergeKernelFiles,
  readConfigFile,
  readLatencyFile,
  type Workspace,
} from '../workspace/index.ts';

/** The labels that a workspace holds of one kernel. */
export interface MeasuredLabels {
  /** Nothing is measured. */
  readonly isEmpty: boolean;
  /** Join configurations with them. */
  join(configs: KernelFile<ConfigEntry>): JoinedKernelData;
}

/** Tells what is measured when a configuration is measured; see core's `graphHash`. */
type HashOf = (id: string, config: KernelConfig) => string;

/**
 * What a workspace has measured of a kernel. The journal is the source: it has every digit of a latency, its repeatability and flags, and
 * what an interrupted run measured. The latency file is an export of it; only for what the journal does not hold it speaks for itself.
 *
 * @param hashOf - leaves out what was measured of a block that has changed since; without it the latest measurement counts
 */
export async function readMeasuredLabels(workspace: Workspace, kernel: string, hashOf?: HashOf): Promise<MeasuredLabels> {
  const { latencies: files } = await listKernelFiles(workspace, kernel);
  const exported = mergeKernelFiles(await Promise.all(files.map((file) => readLatencyFile(file, workspace.files))));
  const journal = readJournal(journalFile(workspace, kernel), workspace.files);
  const recordsOf = (id: string): readonly ProfiledRecord[] =>
    (journal?.kernels.get(id) ?? []).flatMap(({ record }) => (record?.status === 'ok' ? [record] : []));
  return {
    isEmpty: files.length === 0 && ![...(journal?.kernels.keys() ?? [])].some((id) => recordsOf(id).length > 0),
    join(configs) {
      const labels = new Map<string, Label>();
      const latencies: Record<string, LatencyEntry> = { ...exported[kernel] };
      for (const [id, { config }] of Object.entries(configs[kernel] ?? {})) {
        const records = recordsOf(id);
        if (records.length === 0) continue;
        const record = hashOf === undefined ? records.at(-1) : currentRecord(records, hashOf(id, config));
        if (record === undefined) delete latencies[id];
        else {
          const label = labelOf(record);
          labels.set(id, label);
          latencies[id] = { latency: formatLatency(label.latencyMs, label.spreadMs) };
        }
      }
      const { rows, problems } = joinKernelData(kernel, configs, { [kernel]: latencies });
      return { rows: rows.map((row) => withLabel(row, labels.get(row.id))), problems };
    },
  };
}

/** The record of what a kernel is now; one from before hashes were kept is taken for it. */
function currentRecord(records: readonly ProfiledRecord[], hash: string): ProfiledRecord | undefined {
  return records.findLast((record) => record.hash === hash) ?? records.findLast((record) => record.hash === undefined);
}

function withLabel(row: LabelledConfig, label: Label | undefined): LabelledConfig {
  if (label === undefined) return row;
  const { id, kernel, config } = row;
  const { latencyMs, spreadMs, repeatabilityMs, flags } = label;
  return {
    id,
    kernel,
    config,
    latencyMs,
    ...(spreadMs !== undefined && { spreadMs }),
    ...(repeatabilityMs !== undefined && { repeatabilityMs }),
    flags,
  };
}

/** Every measured configuration of a kernel in a workspace, and what could not be used; undefined when nothing is measured. */
export async function readMeasuredRows(
  workspace: Workspace,
  kernel: string,
): Promise<{ readonly rows: readonly LabelledConfig[]; readonly problems: readonly Problem[] } | undefined> {
  const { configs } = await listKernelFiles(workspace, kernel);
  const labels = await readMeasuredLabels(workspace, kernel);
  if (labels.isEmpty) return undefined;
  return labels.join(mergeKernelFiles(await Promise.all(configs.map((file) => readConfigFile(file, workspace.files)))));
}
