import {
  type AnyRegressor,
  CORE_VERSION,
  type FitContext,
  type Implement,
  InvalidArgumentError,
  type Json,
  type Rng,
  toFeatureMatrix,
} from '@nnm/core';
import { findRegressor } from '../find-regressor.ts';
import { createPredictor, type Predictor } from '../predict/predictor.ts';
import { TARGET_IDS, type TargetId } from '../predict/target.ts';
import { hashRows } from './data-hash.ts';
import { DEFAULT_TRAINING } from './default-training.ts';
import { fitIntervals } from './fit-intervals.ts';
import { crossValidate, fitModel, type ModelRecipe, predictLatencies, toLatencies } from './fit-model.ts';
import { fitSampledSpace } from './fit-sampled-space.ts';
import { type Ceiling, computeCeiling, gradeTrusted, type Metrics } from './metrics.ts';
import { selectData } from './model-data.ts';
import { inRowOrder } from './row-order.ts';
import { isTrusted, rowWeights } from './row-weights.ts';
import { splitByRecordId } from './split-by-record-id.ts';
import { checkTrainingRows, MIN_TRAINING_ROWS, TooFewRowsError, type TrainingProblem, type TrainingRow } from './training-rows.ts';

/** What {@link trainPredictor} needs and may be told. */
export interface TrainPredictorOptions {
  readonly rows: readonly TrainingRow[];
  /** Names of the features, in the order of each row's `features`. */
  readonly featureNames: readonly string[];
  /** Features that are meant to be the same in all rows; default none. */
  readonly fixedFeatures?: readonly string[];
  /** Features of ways of computing: those of the way that the rows follow count, and no others; default none. */
  readonly pathFeatures?: readonly (readonly string[])[];
  /** Kernel the predictor is for. */
  readonly kernelType: string;
  /** Default: the kernel type. */
  readonly family?: string;
  readonly rng: Rng;
  /** A regressor, or the id of a built-in one. Default: {@link DEFAULT_TRAINING}. */
  readonly regressor?: string | AnyRegressor;
  /** Options of the regressor, checked by it. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly target?: TargetId;
  /** Share of the rows that grade the predictor, in (0, 1). Default 0.2. */
  readonly validationShare?: number;
  /** Names the split into training and validation rows; keep it, and a row stays on its side for ever. Default `validation`. */
  readonly splitSalt?: string;
  /** Relative error of a validation row from which it is reported in `largeErrors`. Default 0.1. */
  readonly largeErrorThreshold?: number;
  /** Folds of the cross-validation behind the intervals, at least 2; not used when the regressor has out-of-bag predictions. Default 5. */
  readonly folds?: number;
  readonly signal?: AbortSignal;
  /** Where the latencies were measured; stored in the predictor. */
  readonly backend?: string;
  readonly implement?: Implement;
  readonly batchSize?: number;
  readonly environment?: Json;
}

/** A measured row with the prediction of a model that had not seen it. */
export interface GradedRow {
  readonly id: string;
  readonly kernel: string;
  readonly features: readonly number[];
  readonly latencyMs: number;
  readonly predictedMs: number;
  /** `|predicted - measured| / measured`. */
  readonly relativeError: number;
  /** The label is less certain than was asked for; absent where it is not. */
  readonly flagged?: boolean;
}

/** A trained predictor and what is known about it. */
export interface TrainedPredictor {
  /** Fitted on all valid rows. */
  readonly predictor: Predictor;
  /** Grade of the validation rows by a model fitted on the others. */
  readonly metrics: Metrics;
  readonly validation: readonly GradedRow[];
  /** Validation rows with a relative error above the threshold, worst first. */
  readonly largeErrors: readonly GradedRow[];
  /** Every row with its out-of-bag or cross-validated prediction; in the order of `inRowOrder`. */
  readonly crossValidated: readonly GradedRow[];
  readonly crossValidation: Metrics;
  /** What the labels' own repeatability allows; absent when no row has a spread. */
  readonly ceiling?: Ceiling;
  readonly problems: readonly TrainingProblem[];
}

/**
 * Train, grade and describe a predictor.
 *
 * A model fitted on the training rows grades the validation rows; the predictor itself is fitted on all rows. Its intervals come from
 * out-of-bag predictions or a cross-validation. The same rows in any order, options and seed give the same predictor to the last byte.
 *
 * @throws {@link TooFewRowsError} when fewer than 5 rows are valid, {@link InvalidArgumentError} and {@link UnknownIdError} for bad options,
 * {@link AbortedError} when stopped
 */
export async function trainPredictor(given: TrainPredictorOptions): Promise<TrainedPredictor> {
  const { featureNames, kernelType, rng, signal } = given;
  const recipe = resolveRecipe(given);
  const validationShare = inRange(
    'validationShare',
    given.validationShare ?? 0.2,
    (share) => share > 0 && share < 1,
    'above 0 and below 1',
  );
  const threshold = inRange('largeErrorThreshold', given.largeErrorThreshold ?? 0.1, (value) => value > 0, 'above 0');
  const folds = inRange('folds', given.folds ?? 5, (value) => Number.isInteger(value) && value >= 2, 'an integer >= 2');
  if (featureNames.length === 0) throw new InvalidArgumentError({ name: 'featureNames', expected: 'at least one name', got: 'none' });

  const { rows, problems } = checkTrainingRows(inRowOrder(given.rows), featureNames, given.fixedFeatures);
  if (rows.length < MIN_TRAINING_ROWS) throw new TooFewRowsError({ kernelType, rows: rows.length, needed: MIN_TRAINING_ROWS, problems });
  const ids = rows.map(({ id }) => id);
  const latenciesMs = Float64Array.from(rows, ({ latencyMs }) => latencyMs);
  const features = toFeatureMatrix(
    rows.map((row) => row.features),
    featureNames.length,
  );
  const weights = rowWeights(rows);
  const { pathFeatures = [] } = given;
  const data = { featureNames, pathFeatures, features, latenciesMs, ...(weights && { weights }) };

  const contextOf = (name: string): FitContext => ({
    rng: rng.fork(name),
    ...(signal !== undefined && { signal }),
  });
  const split = splitByRecordId(ids, validationShare, given.splitSalt);
  const grader = await fitModel(recipe, selectData(data, split.train), contextOf('validation'));
  const validationData = selectData(data, split.validation);
  const validation = gradeRows(
    split.validation.map((row) => rows[row]!),
    predictLatencies(grader, validationData.features),
  );
  const metrics = metricsOf(validation);

  const model = await fitModel(recipe, data, contextOf('predictor'));
  const outOfBag = model.fitted.outOfBag;
  const unseen =
    outOfBag === undefined
      ? await crossValidate(recipe, data, { ids, folds, ...contextOf('folds') })
      : toLatencies(model.target, outOfBag, features);
  const crossValidated = gradeRows(rows, unseen).filter(({ predictedMs }) => predictedMs > 0);
  const crossValidation = crossValidated.length > 0 ? metricsOf(crossValidated) : metrics;
  const ceiling = computeCeiling(
    latenciesMs,
    rows.map(({ spreadMs }) => spreadMs ?? Number.NaN),
  );
  const predictor = createPredictor(
    {
      kernelType,
      family: given.family ?? kernelType,
      kernels: [...new Set(rows.map(({ kernel }) => kernel))].sort(),
      backend: given.backend ?? 'unknown',
      implement: given.implement ?? 'tensorflow',
      batchSize: given.batchSize ?? 1,
      environment: given.environment ?? null,
      featureNames: [...featureNames],
      sampled: fitSampledSpace(featureNames, features),
      regressor: { id: recipe.regressor.id, options: JSON.parse(JSON.stringify(recipe.options ?? {})) as Json },
      target: model.target,
      intervals: fitIntervals(latenciesMs, tellingPredictions(rows, unseen), outOfBag === undefined ? 'cross-validation' : 'out-of-bag'),
      metrics,
      crossValidation,
      ...(ceiling !== undefined && { ceiling }),
      samples: { given: given.rows.length, used: rows.length, validation: validation.length },
      seed: rng.seed,
      dataHash: await hashRows(rows, featureNames, weights),
      nnmVersion: CORE_VERSION,
    },
    model.fitted,
  );
  const largeErrors = validation.filter(({ relativeError }) => relativeError > threshold).sort((a, b) => b.relativeError - a.relativeError);
  return {
    predictor,
    metrics,
    validation,
    largeErrors,
    crossValidated,
    crossValidation,
    ...(ceiling !== undefined && { ceiling }),
    problems,
  };
}

function resolveRecipe(given: TrainPredictorOptions): ModelRecipe {
  const wanted = given.regressor ?? DEFAULT_TRAINING.regressor;
  const regressor = typeof wanted === 'string' ? findRegressor(wanted) : wanted;
  const target = given.target ?? DEFAULT_TRAINING.target;
  if (!TARGET_IDS.includes(target)) {
    throw new InvalidArgumentError({ name: 'target', expected: TARGET_IDS.map((id) => `"${id}"`).join(' or '), got: target });
  }
  const fallback = regressor.id === DEFAULT_TRAINING.regressor ? DEFAULT_TRAINING.options : {};
  return { regressor, target, options: regressor.parseOptions(given.options ?? fallback) };
}

function gradeRows(rows: readonly TrainingRow[], predictionsMs: Float64Array): GradedRow[] {
  return rows.map(({ id, kernel, features, latencyMs, flagged }, i) => {
    const predictedMs = predictionsMs[i]!;
    const relativeError = Math.abs(predictedMs - latencyMs) / latencyMs;
    return { id, kernel, features, latencyMs, predictedMs, relativeError, ...(flagged && { flagged }) };
  });
}

function metricsOf(rows: readonly GradedRow[]): Metrics {
  return gradeTrusted(
    rows.map(({ latencyMs }) => latencyMs),
    rows.map(({ predictedMs }) => predictedMs),
    rows.map(({ flagged = false }) => flagged),
  );
}

/** Fewest trusted labels that intervals rest on alone. */
const ENOUGH_TRUSTED = 40;

/** Predictions of rows with trusted labels, NaN for the others; all of them while there are too few to tell how far predictions miss. */
function tellingPredictions(rows: readonly TrainingRow[], predictionsMs: Float64Array): Float64Array {
  if (rows.filter(isTrusted).length < ENOUGH_TRUSTED) return predictionsMs;
  return predictionsMs.map((predicted, row) => (isTrusted(rows[row]!) ? predicted : Number.NaN));
}

function inRange(name: string, value: number, isValid: (value: number) => boolean, expected: string): number {
  if (!isValid(value)) throw new InvalidArgumentError({ name, expected, got: value });
  return value;
}
