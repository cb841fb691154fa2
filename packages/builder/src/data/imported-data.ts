import path from 'node:path';
import { configKey, InvalidFileError, type Problem } from '@nnm/core';
import { readJsonFile } from '@nnm/profiler';
import { z } from 'zod';
import type { PipelineContext } from '../stages/context.ts';
import { kernelId } from '../stages/kernel-id.ts';
import type { KernelSample } from '../stages/records.ts';
import { formatLatency, type LabelledConfig, parseLatency, type Workspace } from '../workspace/index.ts';
import type { KernelDataSource } from './kernel-data-source.ts';
import { mergeRepeats } from './merge-repeats.ts';
import { readKernelData } from './read-kernel-data.ts';

/** What {@link importKernelData} did. */
export interface ImportedData {
  /** Rows that were read, by kernel. */
  readonly kernels: ReadonlyMap<string, readonly LabelledConfig[]>;
  /** The files that hold them now. */
  readonly files: readonly string[];
  readonly problems: readonly Problem[];
}

/** One row of `predictor_build/imported/<kernel>.json`. */
const rowSchema = z.object({
  config: z.record(z.string(), z.number()),
  latency: z.string(),
  implement: z.enum(['tensorflow', 'torch']),
  batchSize: z.number().int(),
  importedFrom: z.array(z.string()),
});
const fileSchema = z.record(z.string(), z.record(z.string(), rowSchema));
type ImportedRow = z.infer<typeof rowSchema>;

/**
 * Take kernel data that was measured elsewhere into a workspace: later builds of the kernel and its family train on it, and measure only
 * what INIT_SAMPLE_NUM asks for beyond it. Rows get nnm's own ids, so data with any ids joins; a configuration that was imported before
 * gets its new latency.
 *
 * The latencies count as measured by the workspace's backend, under its IMPLEMENT and BATCH_SIZE: whoever imports them says so.
 *
 * @param importedFrom - where the rows come from, kept beside each; default: the paths among `source`
 * @throws what `readKernelData` throws, and {@link ForeignFileError}
 */
export async function importKernelData(
  kernelType: string,
  source: KernelDataSource,
  context: PipelineContext & { readonly workspace: Workspace },
  importedFrom: readonly string[] = [...namedFiles(source)],
): Promise<ImportedData> {
  const { workspace, registry, implement, batchSize } = context;
  const { rows, holdout, problems } = await readKernelData(kernelType, source, registry);
  const byKernel = groupByKernel([...rows, ...holdout]);
  const kernels = [...byKernel.keys()];
  workspace.own.assertReplaceable(kernels.map((type) => importedFile(workspace, type)));
  const files: string[] = [];
  for (const [type, added] of byKernel) {
    const entries: Record<string, ImportedRow> = await readFile(workspace, type);
    for (const { config, latencyMs, spreadMs } of added) {
      const latency = formatLatency(latencyMs, spreadMs);
      entries[kernelId(type, config, context)] = { config: { ...config }, latency, implement, batchSize, importedFrom: [...importedFrom] };
    }
    const file = importedFile(workspace, type);
    await workspace.own.writeJson(file, { [type]: entries });
    files.push(file);
  }
  return { kernels: byKernel, files, problems };
}

/** What has been imported of a kernel, under the context's framework and batch size; empty without a workspace. */
export async function importedRows(
  kernelType: string,
  context: Pick<PipelineContext, 'workspace' | 'implement' | 'batchSize'>,
): Promise<readonly LabelledConfig[]> {
  const { workspace, implement, batchSize } = context;
  if (workspace === undefined) return [];
  const entries = Object.entries(await readFile(workspace, kernelType));
  const rows = entries.filter(([, row]) => row.implement === implement && row.batchSize === batchSize);
  return mergeRepeats(
    rows.flatMap(([id, { config, latency }]): readonly LabelledConfig[] => {
      const label = parseLatency(latency);
      return label === undefined || !(label.latencyMs > 0) ? [] : [{ id, kernel: kernelType, config, ...label }];
    }),
  ).rows;
}

/** {@link importedRows} without those whose configurations are among `others`, such as a frozen hold-out. */
export async function importedRowsBeside(
  kernelType: string,
  others: readonly LabelledConfig[] | readonly KernelSample[],
  context: Pick<PipelineContext, 'workspace' | 'implement' | 'batchSize'>,
): Promise<readonly LabelledConfig[]> {
  return rowsBeside(await importedRows(kernelType, context), others);
}

/** Those of some rows whose configurations are not among `others`. */
export function rowsBeside(
  rows: readonly LabelledConfig[],
  others: readonly LabelledConfig[] | readonly KernelSample[],
): readonly LabelledConfig[] {
  const keyOf = ({ kernel, config }: LabelledConfig | KernelSample): string => `${kernel} ${configKey(config)}`;
  const taken = new Set(others.map(keyOf));
  return rows.filter((row) => !taken.has(keyOf(row)));
}

/** The file of what has been imported of a kernel. */
export function importedFile(workspace: Workspace, kernelType: string): string {
  return path.join(workspace.paths.imported, `${kernelType}.json`);
}

async function readFile(workspace: Workspace, kernelType: string): Promise<Record<string, ImportedRow>> {
  const file = importedFile(workspace, kernelType);
  if (workspace.files.stat(file) === undefined) return {};
  const parsed = fileSchema.safeParse(await readJsonFile(file, workspace.files));
  if (parsed.success) return { ...parsed.data[kernelType] };
  const problems = parsed.error.issues.map(({ path: key, message }) => ({ key: key.join('.'), message }));
  throw new InvalidFileError({ file, problems, hint: 'Restore the file, or remove it and import the data again.' });
}

function groupByKernel(rows: readonly LabelledConfig[]): Map<string, LabelledConfig[]> {
  const groups = new Map<string, LabelledConfig[]>();
  for (const row of rows) {
    const group = groups.get(row.kernel);
    if (group === undefined) groups.set(row.kernel, [row]);
    else group.push(row);
  }
  return groups;
}

/** The paths among a source. */
function* namedFiles(source: unknown): Generator<string> {
  if (typeof source === 'string') yield path.resolve(source);
  else if (Array.isArray(source)) for (const part of source) yield* namedFiles(part);
}
