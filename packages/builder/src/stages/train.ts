import { type AnyKernel, type Json, type KernelConfig, kernelFamily, type Problem, Rng } from '@nnm/core';
import {
  createPredictor,
  findPreset,
  findRegressor,
  type GradedRow,
  gradeTrusted,
  inRowOrder,
  type Metrics,
  type Predictor,
  type TargetId,
  type TrainedPredictor,
  type TrainPredictorOptions,
  trainPredictor,
} from '@nnm/predictor';
import type { Environment } from '@nnm/profiler';
import { unexplainedError } from '../adaptive/explained-error.ts';
import type { KernelDataSource } from '../data/kernel-data-source.ts';
import { labelTrust } from '../data/label-trust.ts';
import { readKernelData } from '../data/read-kernel-data.ts';
import { DEFAULT_KERNEL_SETTINGS, type LabelledConfig, type TrainingSettings } from '../workspace/index.ts';
import type { PipelineContext } from './context.ts';
import { type FeatureTable, joinFeatures } from './features.ts';
import { probeKernels } from './kernel-probes.ts';
import { saveTraining } from './save-training.ts';

/** What {@link buildPredictorByData} may be told besides the data. */
export interface TrainOptions {
  /** Labelled configurations that grade the predictor and never train it. */
  readonly holdout?: readonly LabelledConfig[];
  /** Relative error that counts as large; default 0.1. */
  readonly errorThreshold?: number;
  readonly training?: TrainingSettings;
  /** Where the latencies were measured; stored in the predictor. */
  readonly environment?: Environment;
  /** Folder that gets the feature table `collection/<kernel>_<mark>.csv` and the predictor `predictors/<kernel>_<mark>.json`. */
  readonly savePath?: string;
  /** Names the files in `savePath`; without it they are `<kernel>.csv` and `<kernel>.json`. */
  readonly mark?: string;
}

/** A trained predictor, its grades, and the configurations it gets wrong. */
export interface BuiltPredictor extends TrainedPredictor {
  /** Share of the validation split predicted within ±10 %. */
  readonly acc10: number;
  /** Grade on the hold-out by a predictor that has seen none of it. */
  readonly holdoutMetrics?: Metrics;
  /** Validation configurations with an error above the threshold that the label's own scatter does not explain, worst first. */
  readonly largeErrorConfigs: readonly KernelConfig[];
  /** Large errors that it does explain: flagged labels, and labels known to scatter so much. */
  readonly explainedErrors: number;
  /** The rows it was trained on: later stages take this value as kernel data. */
  readonly data: readonly LabelledConfig[];
  /** What of the data was left out or changed, and why; with counts. */
  readonly dataProblems: readonly Problem[];
}

/**
 * Train and grade a predictor from kernel data: 8:2 split frozen by id, then a refit on all of it.
 *
 * @param kernelType - the kernel it is for; rows of other kernels of its family count, whatever their ids are
 * @param source - a pair of configurations and latencies (paths, lists of paths, objects), one of these that holds both, rows, or the
 *   result of an earlier stage
 * @throws {@link TooFewRowsError}, {@link UnknownIdError}; {@link InvalidArgumentError} for wrong training options or data that is none;
 *   {@link InvalidFileError}, {@link FileAccessError}, {@link ForeignFileError}
 *
 * @example
 * const { predictor, acc10, largeErrorConfigs } = await buildPredictorByData(
 *   'conv-bn-relu',
 *   [['results/conv-bn-relu_prior.json', 'results/conv-bn-relu_finegrained1.json'], 'results/profiled_conv-bn-relu.json'],
 *   { errorThreshold: 0.1, savePath: 'results', mark: 'prior' },
 *   context,
 * );
 */
export async function buildPredictorByData(
  kernelType: string,
  source: KernelDataSource,
  options: TrainOptions,
  context: PipelineContext,
): Promise<BuiltPredictor> {
  const kernel = context.registry.kernel(kernelType);
  const { rows: data, holdout: ownHoldout, problems: dataProblems } = await readKernelData(kernelType, source, context.registry);
  const holdout = options.holdout ?? ownHoldout;
  const table = featureTableOf(kernel, data, context);
  const threshold = options.errorThreshold ?? DEFAULT_KERNEL_SETTINGS.errorThreshold;
  const { predictor, ...trained } = await trainPredictor({
    rows: toRows(data, table),
    featureNames: table.names,
    fixedFeatures: table.fixed,
    pathFeatures: table.paths,
    kernelType,
    family: kernelFamily(kernel),
    rng: new Rng(context.seed).fork(`train/${kernelType}`),
    largeErrorThreshold: threshold,
    backend: context.backend.id,
    implement: context.implement,
    batchSize: context.batchSize,
    ...(options.environment && { environment: options.environment as unknown as Json }),
    ...(context.signal && { signal: context.signal }),
    ...trainingOptions(options.training, context),
  });
  const own = createPredictor({ ...predictor.manifest, graphs: probeKernels(data, context) }, predictor.fitted);
  const labels = new Map(data.map((label) => [labelKey(label), label]));
  const isUnexplained = (row: GradedRow): boolean =>
    unexplainedError(row.relativeError, labels.get(labelKey(row)) as LabelledConfig) > threshold;
  const unexplained = trained.largeErrors.filter(isUnexplained);
  const holdoutMetrics = holdout.length > 0 ? gradeHoldout(own, inRowOrder(holdout), table) : undefined;
  if (options.savePath !== undefined) await saveTraining(kernelType, data, own, table, options.savePath, options.mark, context);
  return {
    ...trained,
    predictor: own,
    ...(holdoutMetrics && { holdoutMetrics }),
    acc10: trained.metrics.acc10,
    largeErrorConfigs: unexplained.map((row) => table.configOf(row.kernel, row.features)),
    explainedErrors: trained.largeErrors.length - unexplained.length,
    data,
    dataProblems,
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
  const { holdout = [], savePath: _, ...rest } = options;
  const { predictor } = await buildPredictorByData(kernelType, [...data, ...holdout], rest, context);
  return createPredictor({ ...predictor.manifest, ...(holdoutMetrics && { holdout: holdoutMetrics }) }, predictor.fitted);
}

/** Tells labels apart; ids that were imported may stand for several configurations. */
function labelKey({ kernel, id, latencyMs }: Pick<LabelledConfig, 'kernel' | 'id' | 'latencyMs'>): string {
  return `${kernel}/${id}/${latencyMs}`;
}

/** The columns for these rows: of their kernels, in the order of the registry. */
function featureTableOf(kernel: AnyKernel, data: readonly LabelledConfig[], { registry }: PipelineContext): FeatureTable {
  const present = new Set([kernel.type, ...data.map((row) => row.kernel)]);
  return joinFeatures(registry.kernels.map(({ value }) => value).filter(({ type }) => present.has(type)));
}

function toRows(data: readonly LabelledConfig[], table: FeatureTable): TrainPredictorOptions['rows'] {
  return data.map(({ id, kernel, config, latencyMs, ...label }) => ({
    id,
    kernel,
    features: table.featuresOf(kernel, config),
    latencyMs,
    ...labelTrust(label),
  }));
}

function gradeHoldout(predictor: Predictor, holdout: readonly LabelledConfig[], table: FeatureTable): Metrics {
  const predictions = predictor.predictMany(holdout.map(({ kernel, config }) => table.featuresOf(kernel, config)));
  return gradeTrusted(
    holdout.map(({ latencyMs }) => latencyMs),
    predictions,
    holdout.map((label) => labelTrust(label).flagged === true),
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
