import { assertImplement, shortfallNote, throwIfAborted } from '@nnm/core';
import type { Environment, ProfileJob, ProfileRecord } from '@nnm/profiler';
import { journalFile } from '../data/measured-data.ts';
import { readSamples, type SampleSource } from '../data/read-samples.ts';

import type { PipelineContext } from './context.ts';
import { type ConvertedSample, convertSample, NotConvertedError, readModel, sampleHash, writeModel } from './convert.ts';
import type { Stage } from './events.ts';
import { labelOf } from './label-of-record.ts';
import { exportLatencies, latencyFile } from './latency-export.ts';

import { otherSettingNote } from './other-setting.ts';
import { profileJobs } from './profile-jobs.ts';
import type { KernelSample, MeasuredSample } from './records.ts';
import { type ConfigSampleOptions, generateConfigSample, saveSamples } from './sample.ts';

/** Measurements of one kernel. */
export interface MeasuredKernel {
  readonly kernel: string;
  readonly samples: readonly MeasuredSample[];
  /** Machine and runtime they were made on. */
  readonly environment: Environment;
}

/** How {@link profileModels} takes and leaves its samples. */
export interface ProfileOptions {
  /**
   * The models have been converted by {@link convertModels}: samples bring them along, or they lie in the workspace. Nothing is converted
   * again. Default: true for samples that bring their models, false for others.
   */
  readonly haveConverted?: boolean;
  /** Name of the latency file in `results/`. Default: `profiled_<kernel>.json`. */
  readonly saveName?: string;
}

/**
 * Measure samples in shuffled order; with a workspace, resume from its journal and write the latency file
 * `results/profiled_<kernel>.json`.
 *
 * @param source - samples of one kernel, what {@link convertModels} made of them, or the config file that holds them, by its path
 * @returns one record per sample, in the same order; samples left out when the time ran out are missing
 * @throws {@link AbortedError} when stopped; what was measured is in the journal. {@link InvalidFileError}, {@link InvalidArgumentError}
 */
export async function* profileModels(
  source: SampleSource<KernelSample | ConvertedSample>,
  context: PipelineContext,
  options: ProfileOptions = {},
): Stage<MeasuredKernel> {
  const samples = await readSamples(source, context);
  const { kernel = '', mark = '' } = samples[0] ?? {};
  const { implement } = context;
  if (samples.length > 0) assertImplement([context.registry.kernel(kernel)], implement);
  // Without samples there is no kernel to name files and events after.
  const workspace = samples.length > 0 ? context.workspace : undefined;
  const saveFile = workspace && latencyFile(workspace, kernel, options.saveName);
  if (saveFile !== undefined) workspace?.own.assertReplaceable([saveFile]);
  if (samples.length > 0) yield { type: 'stage', stage: 'profile', kernel, mark };
  let unwritten: unknown;
  const jobs = samples.map(
    (sample): ProfileJob => ({
      id: sample.id,
      hash: broughtHash(sample, options) ?? sampleHash(sample, context),
      model: async () => {
        const brought = await broughtModel(sample, context, options);
        if (brought !== undefined) return brought;
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
  const summary = yield* profileJobs(jobs, { kernel, mark }, context, {
    alike: true,
    ...(workspace && { journalFile: journalFile(workspace, kernel), files: workspace.files }),
    check: () => {
      if (unwritten !== undefined) throw unwritten;
    },
  });
  const measured = joinRecords(samples, summary.records);
  if (workspace && saveFile !== undefined) {
    const entries = await exportLatencies(kernel, { ...context, workspace }, { file: saveFile, measured });
    await workspace.own.writeJson(saveFile, { [kernel]: entries });
  }
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
  if (context.workspace) {
    const here = { ...context, workspace: context.workspace };
    const other = mark === 'prior' ? await otherSettingNote(kernelType, here) : undefined;
    if (other !== undefined) yield { type: 'note', kernel: kernelType, message: other };
    await saveSamples(samples, here);
  }
  return samples;
}

/** What the model that a sample brings along was made of; undefined when it brings none that counts. */
function broughtHash(sample: KernelSample | ConvertedSample, { haveConverted = true }: ProfileOptions): string | undefined {
  return haveConverted && 'model' in sample ? sample.hash : undefined;
}

/** The model that has been converted before; undefined when it is still to be converted. */
async function broughtModel(
  sample: KernelSample | ConvertedSample,
  context: PipelineContext,
  { haveConverted }: ProfileOptions,
): Promise<Uint8Array | undefined> {
  if (haveConverted !== false && 'model' in sample) return sample.model;
  if (haveConverted !== false && 'error' in sample) throw sample.error;
  if (haveConverted !== true) return undefined;
  if (context.workspace === undefined) {
    throw new NotConvertedError({
      kernel: sample.kernel,
      id: sample.id,
      problem: 'is not among the samples, and there is no workspace that could hold it',
      file: 'no file',
    });
  }
  return readModel(sample, { ...context, workspace: context.workspace });
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
