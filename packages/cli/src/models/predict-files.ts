import path from 'node:path';
import type { Stage } from '@nnm/builder';
import { type Graph, NnmError, type Registry } from '@nnm/core';
import {
  type LiftedModel,
  liftModel,
  type ModelPrediction,
  measureMemory,
  modelPredictor,
  type NetworkMeasuring,
  networkFiles,
  type ReadOptions,
  readModel,
} from '@nnm/model';
import { describeDifference, type Environment, environmentDifferences, type ProfileRecord } from '@nnm/profiler';
import { displayName } from '../input/standard-input.ts';
import type { LimitAnswer, MeasuredModel, ModelAnswer, ModelReport } from '../output/model-predictions.ts';
import { countOf } from '../output/quantities.ts';
import { type ModelFile, measureFile, measurePartsOf } from './measure-model.ts';
import type { ModelPredictors } from './open-predictors.ts';
import { predictModels } from './predict-models.ts';
import { type ProfiledOperator, profileOperators } from './profile-operators.ts';

/** What `nnm predict <models>` is asked for. */
export interface PredictFilesJob {
  readonly files: readonly string[];
  readonly predictors: readonly ModelPredictors[];
  readonly registry: Registry;
  /** Sizes that the files leave open, and which signature is meant. */
  readonly reading: ReadOptions;
  /** Measure parts that have no predictor. */
  readonly measure: boolean;
  /** Measure the whole models. */
  readonly against: boolean;
  /** Ask the runtime what each operator takes. */
  readonly operators?: boolean;
  readonly limitMs: number | undefined;
  readonly signal: AbortSignal;
  /** Milliseconds that measuring may still take; default: without end. */
  readonly timeLeftMs?: (() => number) | undefined;
  /** Runs a measuring stage, and shows it. */
  readonly follow: <T>(stage: Stage<T>) => Promise<T>;
  /** Tells what a user should not miss. */
  readonly caution: (message: string) => void;
}

/** A file that was read, or why it could not be. */
interface ReadFile {
  readonly file: string;
  readonly model: LiftedModel | NnmError;
}

/** Predict model files with each of the predictors: one report per file. */
export async function predictFiles(job: PredictFilesJob): Promise<readonly ModelReport[]> {
  const read = await Promise.all(job.files.map((file) => readFile(file, job)));
  const answers: (readonly ModelAnswer[])[] = [];
  for (const predictors of job.predictors) answers.push(await answerFiles(read, predictors, job));
  return read.map(({ file, model }, index) => ({
    file: displayName(file),
    ...(!NnmError.isInstance(model) && { peakActivationBytes: measureMemory(model.model).peakActivationBytes }),
    answers: answers.map((some) => some[index]!),
  }));
}

async function readFile(file: string, { reading }: PredictFilesJob): Promise<ReadFile> {
  try {
    return { file, model: liftModel(await readModel(file, reading)) };
  } catch (error) {
    if (NnmError.isInstance(error)) return { file, model: error };
    throw error;
  }
}

async function answerFiles(files: readonly ReadFile[], predictors: ModelPredictors, job: PredictFilesJob): Promise<readonly ModelAnswer[]> {
  for (const problem of predictors.problems) job.caution(`${predictors.label}: ${problem}`);
  const models = files.flatMap(({ model }) => (NnmError.isInstance(model) ? [] : [model]));
  const others = files.filter(({ model }) => !NnmError.isInstance(model) && isOfOtherRuntime(model, predictors, job.registry));
  if (others.length > 0) {
    const names = others.map(({ file }) => path.basename(displayName(file))).join(', ');
    job.caution(`${predictors.bundle.backend} does not run ${names}: predicted is what the same network would take there, written for it.`);
  }
  const measuring = job.measure || job.against || job.operators ? measuringOf(predictors, job) : undefined;
  const measure = job.measure ? (graphs: readonly Graph[]) => job.follow(measurePartsOf(graphs, measuring!)) : undefined;
  const { predictions, problems } = await predictModels(models, predictors, { registry: job.registry, measure });
  for (const problem of problems) job.caution(`A part could not be measured: ${problem}`);
  const byModel = new Map(models.map((model, index) => [model, predictions[index]!]));
  const answers: ModelAnswer[] = [];
  for (const { file, model } of files) {
    const prediction = NnmError.isInstance(model) ? model : byModel.get(model)!;
    if (NnmError.isInstance(prediction)) {
      answers.push({ predictor: predictors.label, prediction });
      continue;
    }
    const { limitMs } = job;
    const measuredWith = describeOrigin(predictors);
    answers.push({
      predictor: predictors.label,
      prediction,
      ...(measuredWith !== undefined && { measuredWith }),
      ...(job.against && {
        measured: await measureWhole(modelFile(file, prediction, job), prediction.total.latencyMs, predictors, measuring!, job),
      }),
      ...(job.operators &&
        !NnmError.isInstance(model) && { operators: await operatorsOf(file, model, prediction, predictors, measuring!, job) }),
      ...(limitMs !== undefined && { limit: answerLimit(prediction, limitMs) }),
    });
  }
  return answers;
}

/** What the predictors were measured with, as a sentence's end; what a bundle says of it may be of any version. */
function describeOrigin({ bundle: { environment } }: ModelPredictors): string | undefined {
  const { runtime, cpu, device } = (environment ?? {}) as unknown as Partial<Environment>;
  if (runtime?.version === undefined || runtime.threads === undefined) return undefined;
  return `${runtime.runtime} ${runtime.version}, ${countOf(runtime.threads, 'thread')}, on ${device?.name ?? cpu}`;
}

/** Nothing with a part that has no price is within a limit for certain. */
function answerLimit({ total: { interval95, isLowerBound } }: ModelPrediction, limitMs: number): LimitAnswer {
  if (interval95.lowMs > limitMs) return 'beyond';
  return interval95.highMs <= limitMs && !isLowerBound ? 'within' : 'uncertain';
}

/** True for a file in another format than the backend's, which its ending begins with; what an unknown backend runs, nobody knows. */
function isOfOtherRuntime({ model }: LiftedModel, { bundle }: ModelPredictors, registry: Registry): boolean {
  const backend = registry.backends.find(({ value }) => value.id === bundle.backend);
  return backend !== undefined && backend.value.modelExtension.split('.')[1] !== model.format;
}

/** How models are measured on the predictors' backend: with the settings of their workspace, or the backend's own defaults. */
function measuringOf({ bundle, workspace }: ModelPredictors, { registry, signal, timeLeftMs }: PredictFilesJob): NetworkMeasuring {
  const backend = workspace?.config.backend ?? registry.backend(bundle.backend);
  return {
    backend,
    settings: workspace?.config.settings ?? backend.parseSettings({}),
    implement: bundle.implement,
    batchSize: bundle.batchSize,
    seed: workspace?.workspace.manifest.seed ?? 0,
    signal,
    timeLeftMs,
    ...(workspace && { journalFile: networkFiles(workspace.workspace).parts, files: workspace.workspace.files }),
  };
}

function modelFile(file: string, { format }: ModelPrediction, { reading: { shapes = {} } }: PredictFilesJob): ModelFile {
  return { file, format, shapes };
}

async function measureWhole(
  model: ModelFile,
  predictedMs: number,
  { bundle, label }: ModelPredictors,
  measuring: NetworkMeasuring,
  job: PredictFilesJob,
): Promise<MeasuredModel | NnmError> {
  try {
    const { record, environment } = await job.follow(measureFile(model, measuring));
    const differences =
      bundle.environment === null ? [] : environmentDifferences(bundle.environment as unknown as Environment, environment);
    if (differences.length > 0) {
      job.caution(
        `${label} was measured under other conditions than ${displayName(model.file)} now: ${differences.map(describeDifference).join('; ')}.`,
      );
    }
    return measuredModel(record, predictedMs);
  } catch (error) {
    if (NnmError.isInstance(error) && error.code !== 'ERR_ABORTED') return error;
    throw error;
  }
}

async function operatorsOf(
  file: string,
  model: LiftedModel,
  prediction: ModelPrediction,
  { bundle }: ModelPredictors,
  measuring: NetworkMeasuring,
  job: PredictFilesJob,
): Promise<readonly ProfiledOperator[] | NnmError> {
  try {
    const parts = modelPredictor({ bundle, registry: job.registry }).detect(model);
    const kernels = parts.map(({ ops }, index) => ({ ops, name: prediction.kernels[index]!.name }));
    return await profileOperators(modelFile(file, prediction, job), model, kernels, measuring);
  } catch (error) {
    if (NnmError.isInstance(error) && error.code !== 'ERR_ABORTED') return error;
    throw error;
  }
}

function measuredModel(record: ProfileRecord | undefined, predictedMs: number): MeasuredModel | NnmError {
  if (record?.status !== 'ok') {
    const { code, message } = record?.error ?? { code: 'ERR_NOT_MEASURED', message: 'The time ended before it was measured.' };
    return new NnmError({ code: code as `ERR_${string}`, message });
  }
  const { latencyMs } = record.stats;
  return { latencyMs, flags: record.flags, relativeError: predictedMs / latencyMs - 1 };
}
