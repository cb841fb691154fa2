import type { Rng } from '../random/index.ts';
import type { FeatureMatrix } from './feature-matrix.ts';

/** What a regressor learns from. */
export interface TrainingData {
  readonly featureNames: readonly string[];
  readonly features: FeatureMatrix;
  /** One finite target per row. */
  readonly targets: Float64Array;
  /** How much each row counts, above 0 and at most 1; absent when all count the same. A regressor that cannot weigh rows ignores it. */
  readonly weights?: Float64Array;
}

/** A fitted regressor. Pure: the same features always give the same prediction. */
export interface FittedRegressor {
  predictOne(features: ArrayLike<number>): number;
  predictMany(features: FeatureMatrix): Float64Array;
  /** Out-of-bag predictions of the training rows, NaN where a row was in every bag; absent if the regressor has no bags. */
  readonly outOfBag?: Float64Array;
  /** Versioned JSON part and binary part; together they restore the regressor. */
  serialise(): SerialisedRegressor;
}

export interface SerialisedRegressor {
  readonly json: Readonly<Record<string, unknown>>;
  readonly binary: Uint8Array;
}

/** What `fit` is given besides data and options. */
export interface FitContext {
  readonly rng: Rng;
  readonly signal?: AbortSignal;
}

/** A regression method, provided by core or by a plugin; made by {@link defineRegressor}. */
export interface Regressor<O = unknown> {
  /** Id such as `random-forest`. */
  readonly id: string;
  readonly description?: string;
  /**
   * Check options and fill in defaults. What it returned is accepted, too, as JSON holds it: a predictor's options are checked when it is read.
   * @throws {@link InvalidArgumentError} naming the option
   */
  parseOptions(raw: Readonly<Record<string, unknown>>): O;
  fit(data: TrainingData, options: O, context: FitContext): FittedRegressor | Promise<FittedRegressor>;
  deserialise(serialised: SerialisedRegressor): FittedRegressor;
}

/** Any regressor, whatever its options. */
// biome-ignore lint/suspicious/noExplicitAny: a regressor consumes its options
export type AnyRegressor = Regressor<any>;

/** Typed identity: describe a regressor in one value. Returns it unchanged; nothing is registered. */
export function defineRegressor<O>(regressor: Regressor<O>): Regressor<O> {
  return regressor;
}
