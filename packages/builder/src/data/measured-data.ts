import path from 'node:path';
import { BlockError, graphHash, type KernelConfig, type Problem } from '@nnm/core';
import { explainFileError, type JournalContent, type LatencyStats, type ProfileRecord, readJournal } from '@nnm/profiler';
import type { PipelineContext } from '../stages/context.ts';
import { kernelId } from '../stages/kernel-id.ts';
import { labelOf } from '../stages/label-of-record.ts';
import type { Mark } from '../stages/records.ts';
import { kernelGraph } from '../stages/sample.ts';
import {
  describeIds,
  findDisagreements,
  type LabelledConfig,
  listKernelFiles,
  mergeKernelFiles,
  parseLatency,
  readConfigFile,
  readLatencyFile,
  type Workspace,
} from '../workspace/index.ts';

/** What says which measurements count: kernels as they are now, lowered for this framework, at this batch size. */
export type Setting = Pick<PipelineContext, 'registry' | 'implement' | 'batchSize'> & { readonly workspace: Workspace };

/** A configuration with its latency and the round that it was chosen in. */
export type MarkedConfig = LabelledConfig & {
  readonly mark: Mark;
  /** What the journal says of the runs; absent for what it does not know. */
  readonly stats?: LatencyStats;
};

/** What a workspace holds of one kernel under one setting. */
export interface MeasuredData {
  /** In the order of the rounds, and within each of the ids: the same rows in the same order, however they came to be. */
  readonly rows: readonly MarkedConfig[];
  /** What of it was left out, and why; with counts. */
  readonly problems: readonly Problem[];
}

/** The journal of a kernel's measurements in a workspace. */
export function journalFile(workspace: Workspace, kernelType: string): string {
  return path.join(workspace.paths.results, `${kernelType}.jsonl`);
}

/**
 * Everything that was measured of a kernel, as the journal has it: the latency file is only an export of it, and speaks for configurations
 * that the journal knows nothing of, such as those of a journal that is gone.
 *
 * Measurements of another setting, and of a block that has changed since, do not count.
 *
 * @throws {@link InvalidFileError}, {@link FileAccessError}, {@link JournalFormatError}
 */
export async function readMeasured(kernelType: string, setting: Setting): Promise<MeasuredData> {
  const { workspace } = setting;
  const { files } = workspace;
  const { configs, latencies } = await listKernelFiles(workspace, kernelType);
  const journal = openContent(workspace, kernelType);
  const exported = mergeKernelFiles(await Promise.all(latencies.map((file) => readLatencyFile(file, files))))[kernelType] ?? {};
  const left = { unmeasured: [] as string[], changed: [] as string[], unusable: [] as string[] };
  const rows: MarkedConfig[] = [];
  const seen = new Set<string>();
  for (const file of configs) {
    const mark = path.basename(file, '.json').slice(kernelType.length + 1);
    for (const [id, { config }] of Object.entries((await readConfigFile(file, files))[kernelType] ?? {})) {
      // Ids of another framework or batch size are other ids: what has them is of another setting.
      if (seen.has(id) || kernelId(kernelType, config, setting) !== id) continue;
      seen.add(id);
      const measured = journal?.kernels.get(id) ?? [];
      const record = findRecord(measured, hashOf(kernelType, config, setting));
      const row = { id, kernel: kernelType, mark, config };
      if (record?.status === 'ok') rows.push({ ...row, ...rowLabel(record) });
      else if (record === undefined && measured.some((known) => known.record !== undefined)) left.changed.push(id);
      else if (record !== undefined || exported[id] === undefined) left.unmeasured.push(id);
      else {
        const label = parseLatency(exported[id].latency);
        if (label !== undefined && label.latencyMs > 0 && Number.isFinite(label.latencyMs)) rows.push({ ...row, ...label });
        else left.unusable.push(`${id} ("${exported[id].latency}")`);
      }
    }
  }
  rows.sort((a, b) => compareMarks(a.mark, b.mark) || (a.id < b.id ? -1 : 1));
  const problems = [
    ...describeIds(left.unmeasured, 'with a configuration but no latency'),
    ...describeIds(left.changed, 'measured when the block was another one'),
    ...describeIds(left.unusable, 'with a latency that is not a positive number of milliseconds'),
    ...describeIds(findDisagreements(rows), 'with the same configuration but latencies that differ by more than 10 %', 'pair'),
    ...describeDamage(journal?.damagedLines ?? 0),
  ].map((message) => ({ key: kernelType, message }));
  return { rows, problems };
}

/** The rounds in their order: the first one, the further ones by their numbers, the hold-out; then everything else by name. */
export function compareMarks(a: Mark, b: Mark): number {
  const [rankA, rankB] = [rankOf(a), rankOf(b)];
  return rankA - rankB || (a === b ? 0 : a < b ? -1 : 1);
}

function rankOf(mark: Mark): number {
  if (mark === 'prior') return 0;
  if (mark === 'holdout') return 1e9;
  const round = /^finegrained(\d+)$/.exec(mark)?.[1];
  return round === undefined ? 2e9 : Number(round);
}

function describeDamage(lines: number): readonly string[] {
  return lines === 0 ? [] : [`${lines} unreadable ${lines === 1 ? 'line' : 'lines'} in the journal`];
}

function openContent(workspace: Workspace, kernelType: string): JournalContent | undefined {
  const file = journalFile(workspace, kernelType);
  try {
    return readJournal(file, workspace.files);
  } catch (error) {
    throw explainFileError(error, file, 'read');
  }
}

/** The record of what the kernel is now, or one from before the journal said what it was of. */
function findRecord(
  measured: NonNullable<ReturnType<JournalContent['kernels']['get']>>,
  hash: string | undefined,
): ProfileRecord | undefined {
  const same = hash === undefined ? undefined : measured.find((known) => known.hash === hash)?.record;
  return same ?? measured.find((known) => known.hash === undefined)?.record;
}

/** Undefined when the block no longer builds the configuration. */
function hashOf(kernelType: string, config: KernelConfig, setting: Setting): string | undefined {
  try {
    return graphHash(kernelGraph(setting.registry.kernel(kernelType), config, setting), setting);
  } catch (error) {
    if (error instanceof BlockError) return undefined;
    throw error;
  }
}

function rowLabel(record: Extract<ProfileRecord, { status: 'ok' }>): Omit<MarkedConfig, 'id' | 'kernel' | 'config' | 'mark'> {
  const { status: _, ...label } = labelOf(record);
  return label;
}
