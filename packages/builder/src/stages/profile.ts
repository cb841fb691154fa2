import path from 'node:path';
import { assertImplement, BlockError, graphHash, Rng, shortfallNote, throwIfAborted } from '@nnm/core';
import { type Environment, type ProfileJob, type ProfileRecord, type ProfileSummary, profileKernels, referenceGraph } from '@nnm/profiler';
import { journalFile, readMeasured } from '../data/measured-data.ts';
import { fileExists, formatLatency, type LatencyEntry, readLatencyFile, type Workspace } from '../workspace/index.ts';
import type { PipelineContext } from './context.ts';
import type { PipelineEvent, Stage } from './events.ts';
import { kernelId } from './kernel-id.ts';
import { labelOf } from './label-of-record.ts';
import { type KernelSample, labelledSamples, type MeasuredSample } from './records.ts';
import { type ConfigSampleOptions, configEntry, generateConfigSample, kernelGraph, kernelGraphFile, saveSamples } from './sample.ts';

/** A sample with the bytes of its model, or the reason why it could not be converted. */
export type ConvertedSample = KernelSample &
  ({ readonly status: 'ok'; readonly model: Uint8Array } | { readonly status: 'failed'; readonly error: Error });

/** Measurements of one kernel. */
export interface MeasuredKernel {
  readonly kernel: string;
  readonly samples: readonly MeasuredSample[];
  /** Machine and runtime they were made on. */
  readonly environment: Environment;
}

/** Convert samples one by one to the backend's model format; with a workspace the models are also written beside the saved graphs. */
export async function* convertModels(
  samples: readonly KernelSample[],
  context: PipelineContext,
): AsyncGenerator<ConvertedSample, void, void> {
  for (const sample of samples) {
    throwIfAborted(context.signal, 'Converting models');
    const converted = await tryConvert(sample, context);
    // A disk that cannot be written to is no property of the sample.
    if (converted.status === 'ok' && context.workspace)
      await writeModel(sample, converted.model, { ...context, workspace: context.workspace });
    yield converted;
  }
}

async function tryConvert(sample: KernelSample, context: PipelineContext): Promise<ConvertedSample> {
  try {
    return { ...sample, status: 'ok', model: await convertSample(sample, context) };
  } catch (error) {
    return { ...sample, status: 'failed', error: error as Error };
  }
}

async function writeModel(
  sample: KernelSample,
  model: Uint8Array,
  { workspace, backend }: PipelineContext & { readonly workspace: Workspace },
): Promise<void> {
  const file = kernelGraphFile(workspace, sample).replace(/\.json$/, backend.modelExtension);
  await workspace.own.write(file, model);
}

/**
 * Measure samples in shuffled order; with a workspace, resume from its journal and write the latency file
 * `results/profiled_<kernel>.json`.
 *
 * @param samples - of one kernel
 * @returns one record per sample, in the same order; samples left out when the time ran out are missing
 * @throws {@link AbortedError} when stopped; what was measured is in the journal
 */
export async function* profileModels(samples: readonly KernelSample[], context: PipelineContext): Stage<MeasuredKernel> {
  const { kernel = '', mark = '' } = samples[0] ?? {};
  const { backend, implement } = context;
  if (samples.length > 0) assertImplement([context.registry.kernel(kernel)], implement);
  // Without samples there is no kernel to name files and events after.
  const workspace = samples.length > 0 ? context.workspace : undefined;
  workspace?.own.assertReplaceable([latencyFile(workspace, kernel)]);
  if (samples.length > 0) yield { type: 'stage', stage: 'profile', kernel, mark };
  let unwritten: unknown;
  const jobs = samples.map(
    (sample): ProfileJob => ({
      id: sample.id,
      hash: sampleHash(sample, context),
      model: async () => {
        const model = await convertSample(sample, context);
        if (workspace && context.keepModels) {
          // A full disk is no property of the kernel: it ends the run, and leaves no record.
          await writeModel(sample, model, { ...context, workspace }).catch((error: unknown) => {
            unwritten ??= error;
          });
        }
        return model;
      },
    }),
  );
  const summary = yield* forwardEvents(
    profileKernels(jobs, {
      backend,
      settings: context.settings,
      referenceModel: () => backend.convert(referenceGraph(), implement),
      rng: new Rng(context.seed).fork(`profile/${kernel}/${mark}`),
      ...(context.policy && { policy: context.policy }),
      ...(context.signal && { signal: context.signal }),
      ...(context.timeLeftMs && { budgetMs: Math.max(0, context.timeLeftMs()) }),
      ...(workspace && { journalFile: journalFile(workspace, kernel), files: workspace.files }),
    }),
    { kernel, mark },
    () => {
      if (unwritten !== undefined) throw unwritten;
    },
  );
  const measured = joinRecords(samples, summary.records);
  if (workspace) await saveLatencies(kernel, measured, { ...context, workspace });
  return { kernel, samples: measured, environment: summary.environment };
}

/** Choose configurations, save them, measure them: {@link generateConfigSample} and {@link profileModels} in one. */
export async function* sampleAndProfileKernelData(
  kernelType: string,
  sampleNum: number,
  options: ConfigSampleOptions,
  context: PipelineContext,
): Stage<MeasuredKernel> {
  const samples = yield* sampleKernel(kernelType, sampleNum, options, context);
  return yield* profileModels(samples, context);
}

/** {@link generateConfigSample} with events, saving the samples when there is a workspace. */
export async function* sampleKernel(
  kernelType: string,
  sampleNum: number,
  options: ConfigSampleOptions,
  context: PipelineContext,
): Stage<readonly KernelSample[]> {
  throwIfAborted(context.signal, `Building ${kernelType}`);
  const { mark } = options;
  yield { type: 'stage', stage: 'sample', kernel: kernelType, mark };
  const samples = generateConfigSample(kernelType, sampleNum, options, context);
  const asked = options.samplingType === 'prior' ? sampleNum : sampleNum * (options.configs?.length ?? 0);
  yield { type: 'sampled', kernel: kernelType, mark, asked, got: samples.length };
  const note = shortfallNote({ kernel: kernelType, asked, got: samples.length, excluded: options.earlier?.length ?? 0 });
  if (note !== undefined) yield { type: 'note', kernel: kernelType, message: note };
  if (context.workspace) await saveSamples(samples, { ...context, workspace: context.workspace });
  return samples;
}

/** The latency file of a kernel in a workspace. */
export function latencyFile(workspace: Workspace, kernelType: string): string {
  return path.join(workspace.paths.results, `profiled_${kernelType}.json`);
}

/** Of a configuration that the block cannot build: measuring it records the reason. */
const UNBUILT = 'unbuilt';

/** What is measured when a sample is measured; see {@link graphHash}. */
export function sampleHash(sample: KernelSample, context: PipelineContext): string {
  try {
    return graphHash(kernelGraph(context.registry.kernel(sample.kernel), sample.config, context), context);
  } catch (error) {
    if (error instanceof BlockError) return UNBUILT;
    throw error;
  }
}

function convertSample(sample: KernelSample, context: PipelineContext): Uint8Array | Promise<Uint8Array> {
  return context.backend.convert(kernelGraph(context.registry.kernel(sample.kernel), sample.config, context), context.implement);
}

/** @param check - called after each event; what it throws ends the run */
async function* forwardEvents(
  profiling: ReturnType<typeof profileKernels>,
  { kernel, mark }: { readonly kernel: string; readonly mark: string },
  check: () => void,
): AsyncGenerator<PipelineEvent, ProfileSummary, void> {
  try {
    for (;;) {
      const step = await profiling.next();
      check();
      if (step.done) return step.value;
      if (kernel !== '') yield { type: 'profile', kernel, mark, event: step.value };
    }
  } finally {
    // Whoever stops listening stops the run: its runtime and its journal are closed.
    await profiling.return(undefined as never);
  }
}

function joinRecords(samples: readonly KernelSample[], records: readonly ProfileRecord[]): readonly MeasuredSample[] {
  const byId = new Map(records.map((record) => [record.id, record]));
  return samples.flatMap((sample): readonly MeasuredSample[] => {
    const record = byId.get(sample.id);
    if (record === undefined) return [];
    if (record.status === 'failed') return [{ ...sample, status: 'failed', error: record.error }];
    return [{ ...sample, ...labelOf(record) }];
  });
}

/**
 * Export what the journal has of a kernel under this setting. Samples whose time ran out are no records yet: their latencies so far are
 * taken from what was just measured, or from the file as it was.
 */
async function saveLatencies(
  kernel: string,
  measured: readonly MeasuredSample[],
  context: PipelineContext & { readonly workspace: Workspace },
): Promise<void> {
  const { workspace } = context;
  const file = latencyFile(workspace, kernel);
  const { rows } = await readMeasured(kernel, context);
  const recorded = new Set(rows.flatMap(({ id, stats }) => (stats === undefined ? [] : [id])));
  const unfinished = labelledSamples(measured).filter(({ id }) => !recorded.has(id));
  const fresh = new Set(unfinished.map(({ id }) => id));
  const earlier = (await fileExists(file, workspace.files)) ? ((await readLatencyFile(file, workspace.files))[kernel] ?? {}) : {};
  const current = [...rows.filter(({ id }) => !fresh.has(id)), ...unfinished];
  const entries = current.map((row): readonly [string, LatencyEntry] => {
    if (row.stats === undefined) return [row.id, earlier[row.id] as LatencyEntry];
    const latency = formatLatency(row.latencyMs, row.spreadMs);
    if (!context.detail) return [row.id, { latency }];
    return [row.id, { ...configEntry(row, context), latency, detail: { ...row.stats, flags: row.flags } }];
  });
  const known = new Set(current.map(({ id }) => id));
  const others = Object.entries(earlier).filter(([id, entry]) => !known.has(id) && isOfSetting(kernel, id, entry, context));
  await workspace.own.writeJson(file, { [kernel]: Object.fromEntries([...others, ...entries]) });
}

/** Whether an entry of the latency file that no config file speaks of may stay: it says itself that it is of this setting. */
function isOfSetting(kernel: string, id: string, { config }: LatencyEntry, context: PipelineContext): boolean {
  return config !== undefined && kernelId(kernel, config, context) === id;
}
