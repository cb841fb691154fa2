import { type AnyKernel, type Json, type KernelConfig, kernelFamily, Rng } from '@nnm/core';
import {
  computeMetrics,
  createPredictor,
  findPreset,
  findRegressor,
  type Metrics,
  type Predictor,
  type TargetId,
  type TrainedPredictor,
  type TrainPredictorOptions,
  trainPredictor,
} from '@nnm/predictor';
import type { Environment } from '@nnm/profiler';
import { DEFAULT_KERNEL_SETTINGS, type LabelledConfig, type TrainingSettings } from '../workspace/index.ts';
import type { PipelineContext } from './context.ts';
import { type FeatureTable, joinFeatures } from './features.ts';

/** What {@link buildPredictorByData} may be told besides the data. */
export interface TrainOptions {
  /** Labelled configurations that grade the predictor and never train it. */
  readonly holdout?: readonly LabelledConfig[];
  /** Relative error that counts as large; default 0.1. */
  readonly errorThreshold?: number;
  readonly training?: TrainingSettings;
  /** Where the latencies were measured; stored in the predictor. */
  readonly environment?: Environment;
}

/** A trained predictor, its grades, and the configurations it gets wrong. */
export interface BuiltPredictor extends TrainedPredictor {
  /** Share of the validation split predicted within ±10 %. */
  readonly acc10: number;
  /** Grade on the hold-out by a predictor that has seen none of it. */
  readonly holdoutMetrics?: Metrics;
  /** Validation configurations with an error above the threshold, worst first. */
  readonly largeErrorConfigs: readonly KernelConfig[];
}

/**
 * Train and grade a predictor from labelled configurations: 8:2 split frozen by id, then a refit on all of them.
 *
 * @param kernelType - the kernel it is for; rows of other kernels of its family may be among the data
 * @throws {@link TooFewRowsError}, {@link InvalidArgumentError} for wrong training options, {@link UnknownIdError}
 */
export async function buildPredictorByData(
  kernelType: string,
  data: readonly LabelledConfig[],
  options: TrainOptions,
  context: PipelineContext,
): Promise<BuiltPredictor> {
  const kernel = context.registry.kernel(kernelType);
  const table = featureTableOf(kernel, data, context);
  const trained = await trainPredictor({
    rows: toRows(data, table),
    featureNames: table.names,
    kernelType,
    family: kernelFamily(kernel),
    rng: new Rng(context.seed).fork(`train/${kernelType}`),
    largeErrorThreshold: options.errorThreshold ?? DEFAULT_KERNEL_SETTINGS.errorThreshold,
    backend: context.backend.id,
    implement: context.implement,
    batchSize: context.batchSize,
    ...(options.environment && { environment: options.environment as unknown as Json }),
    ...(context.signal && { signal: context.signal }),
    ...trainingOptions(options.training, context),
  });
  const configs = new Map(data.map(({ id, kernel: type, config }) => [`${type}/${id}`, config]));
  const holdoutMetrics = options.holdout?.length ? gradeHoldout(trained.predictor, options.holdout, table) : undefined;
  return {
    ...trained,
    ...(holdoutMetrics && { holdoutMetrics }),
    acc10: trained.metrics.acc10,
    largeErrorConfigs: trained.largeErrors.map((row) => configs.get(`${row.kernel}/${row.id}`) as KernelConfig),
  };
}

/**
 * The predictor that is shipped: trained on all data, hold-out included, carrying the hold-out grade of the one trained without it.
 */
export async function refitPredictor(
  kernelType: string,
  data: readonly LabelledConfig[],
  options: TrainOptions,
  holdoutMetrics: Metrics | undefined,
  context: PipelineContext,
): Promise<Predictor> {
  const { holdout = [], ...rest } = options;
  const { predictor } = await buildPredictorByData(kernelType, [...data, ...holdout], rest, context);
  return createPredictor({ ...predictor.manifest, ...(holdoutMetrics && { holdout: holdoutMetrics }) }, predictor.fitted);
}

/** The columns for these rows: of their kernels, in the order of the registry. */
function featureTableOf(kernel: AnyKernel, data: readonly LabelledConfig[], { registry }: PipelineContext): FeatureTable {
  const present = new Set([kernel.type, ...data.map((row) => row.kernel)]);
  return joinFeatures(registry.kernels.map(({ value }) => value).filter(({ type }) => present.has(type)));
}

function toRows(data: readonly LabelledConfig[], table: FeatureTable): TrainPredictorOptions['rows'] {
  return data.map(({ id, kernel, config, latencyMs, repeatabilityMs }) => ({
    id,
    kernel,
    features: table.featuresOf(kernel, config),
    latencyMs,
    ...(repeatabilityMs !== undefined && { spreadMs: repeatabilityMs }),
  }));
}

function gradeHoldout(predictor: Predictor, holdout: readonly LabelledConfig[], table: FeatureTable): Metrics {
  const predictions = predictor.predictMany(holdout.map(({ kernel, config }) => table.featuresOf(kernel, config)));
  return computeMetrics(
    holdout.map(({ latencyMs }) => latencyMs),
    predictions,
  );
}

function trainingOptions(
  training: TrainingSettings | undefined,
  { registry }: PipelineContext,
): Pick<TrainPredictorOptions, 'regressor' | 'target' | 'options'> {
  if (training === undefined) return {};
  const preset = training.preset === undefined ? {} : findPreset(training.preset);
  const { regressor, target, options } = { ...preset, ...training };
  return {
    ...(regressor !== undefined && { regressor: findRegressor(regressor, registry) }),
    ...(target !== undefined && { target: target as TargetId }),
    ...(options !== undefined && { options }),
  };
}
