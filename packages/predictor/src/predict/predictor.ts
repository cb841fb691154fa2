import { type FeatureMatrix, type FittedRegressor, InvalidArgumentError, toFeatureMatrix } from '@nnm/core';
import { NoLatencyError } from './errors.ts';
import { intervalAround, type LatencyInterval } from './intervals.ts';
import type { PredictorManifest } from './manifest.ts';
import { type OutsideReasons, outsideReasons } from './sampled-space.ts';
import { latencyOf } from './target.ts';

/** Predicts the latency of a kernel's configurations on one backend. Pure: no file, no clock, no randomness. */
export interface Predictor {
  readonly manifest: PredictorManifest;
  readonly fitted: FittedRegressor;
  /**
   * Latency in milliseconds of one feature vector, in the order of `manifest.featureNames`.
   * @throws {@link InvalidArgumentError} when its length is wrong or a number is not finite, {@link NoLatencyError}
   */
  predictOne(features: ArrayLike<number>): number;
  /** Latencies in milliseconds of many feature vectors; faster than one by one. */
  predictMany(features: FeatureMatrix | readonly ArrayLike<number>[]): Float64Array;
  /**
   * The range that holds the measured latency at least with this probability, for configurations like the sampled ones.
   *
   * @param coverage - above 0 and below 1; default 0.8
   */
  interval(features: ArrayLike<number>, coverage?: number): LatencyInterval;
  /** {@link interval} around a latency that this predictor has predicted already. */
  intervalAround(predictedMs: number, coverage?: number): LatencyInterval;
  /** Why a configuration lies outside what was sampled, so that its prediction is a guess; empty when it lies inside. */
  outsideSampled(features: ArrayLike<number>): OutsideReasons;
}

/** Join what a predictor knows about itself with its fitted regressor. */
export function createPredictor(manifest: PredictorManifest, fitted: FittedRegressor): Predictor {
  const { target, intervals, sampled } = manifest;
  const columns = manifest.featureNames.length;
  const check = (features: ArrayLike<number>): void => {
    if (features.length !== columns) {
      const expected = `${columns} numbers (${manifest.featureNames.join(', ')})`;
      throw new InvalidArgumentError({ name: 'features', expected, got: `${features.length} numbers` });
    }
    for (let i = 0; i < columns; i++) {
      if (!Number.isFinite(features[i])) {
        throw new InvalidArgumentError({ name: `features.${manifest.featureNames[i]}`, expected: 'a finite number', got: features[i] });
      }
    }
  };
  const checkLatency = (latencyMs: number, name: string): number => {
    if (latencyMs > 0 && latencyMs < Number.POSITIVE_INFINITY) return latencyMs;
    throw new NoLatencyError({ kernelType: manifest.kernelType, name, latencyMs });
  };
  const predict = (features: ArrayLike<number>): number =>
    checkLatency(latencyOf(target, fitted.predictOne(features), features), 'features');
  return {
    manifest,
    fitted,
    predictOne(features) {
      check(features);
      return predict(features);
    },
    predictMany(features) {
      const matrix = 'values' in features && 'columns' in features ? (features as FeatureMatrix) : toFeatureMatrix(features, columns);
      if (matrix.columns !== columns)
        throw new InvalidArgumentError({ name: 'features.columns', expected: `${columns}`, got: matrix.columns });
      const bad = matrix.values.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0) {
        const name = `features[${Math.floor(bad / columns)}].${manifest.featureNames[bad % columns]}`;
        throw new InvalidArgumentError({ name, expected: 'a finite number', got: matrix.values[bad] });
      }
      const answers = fitted.predictMany(matrix);
      for (let row = 0; row < answers.length; row++) {
        answers[row] = checkLatency(latencyOf(target, answers[row]!, matrix.values, row * columns), `features[${row}]`);
      }
      return answers;
    },
    interval(features, coverage = 0.8) {
      check(features);
      return intervalAround(intervals, predict(features), coverage);
    },
    intervalAround: (predictedMs, coverage = 0.8) => intervalAround(intervals, predictedMs, coverage),
    outsideSampled(features) {
      check(features);
      return outsideReasons(sampled, features);
    },
  };
}
