import type { Problem } from '@nnm/core';
import { readJournal } from '@nnm/profiler';
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

/**
 * What a workspace has measured of a kernel. The journal is the source: it has every digit of a latency, its repeatability and flags, and
 * what an interrupted run measured. The latency file is an export of it; only for what the journal does not hold it speaks for itself.
 */
export async function readMeasuredLabels(workspace: Workspace, kernel: string): Promise<MeasuredLabels> {
  const { latencies: files } = await listKernelFiles(workspace.paths.results, kernel);
  const exported = mergeKernelFiles(await Promise.all(files.map(readLatencyFile)));
  const labels = new Map<string, Label>();
  for (const [id, record] of readJournal(journalFile(workspace, kernel), workspace.files)?.records ?? []) {
    if (record.status === 'ok') labels.set(id, labelOf(record));
  }
  const recorded = Object.fromEntries(
    [...labels].map(([id, { latencyMs, spreadMs }]): [string, LatencyEntry] => [id, { latency: formatLatency(latencyMs, spreadMs) }]),
  );
  const latencies = mergeKernelFiles([exported, { [kernel]: recorded }]);
  return {
    isEmpty: files.length === 0 && labels.size === 0,
    join(configs) {
      const { rows, problems } = joinKernelData(kernel, configs, latencies);
      return { rows: rows.map((row) => withLabel(row, labels.get(row.id))), problems };
    },
  };
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
  const { configs } = await listKernelFiles(workspace.paths.results, kernel);
  const labels = await readMeasuredLabels(workspace, kernel);
  if (labels.isEmpty) return undefined;
  return labels.join(mergeKernelFiles(await Promise.all(configs.map(readConfigFile))));
}
