import { type AnyKernel, checkConfig, type KernelConfig } from '@nnm/core';
import type { LatencyInterval } from './intervals.ts';
import { featuresForPredictor } from './kernel-features.ts';
import type { Predictor } from './predictor.ts';
import type { OutsideReasons } from './sampled-space.ts';

/** A predicted latency with its certainty. */
export interface Prediction {
  readonly latencyMs: number;
  /** Ranges that hold the measured latency with 80 % and 95 % probability. */
  readonly interval80: LatencyInterval;
  readonly interval95: LatencyInterval;
  /** Why the configuration lies outside what was sampled; empty when it lies inside. */
  readonly outsideSampled: OutsideReasons;
}

/**
 * Predict the latency of one configuration.
 *
 * @throws {@link InvalidConfigError} when the kernel does not accept it, {@link FeatureMismatchError}
 */
export function predictKernel(predictor: Predictor, kernel: AnyKernel, config: KernelConfig): Prediction {
  const features = kernelFeatures(predictor, kernel, config);
  return describePrediction(predictor, predictor.predictOne(features), features);
}

/**
 * Predict the latencies of many configurations; the same numbers as one by one, faster.
 *
 * @throws {@link InvalidConfigError} when the kernel does not accept one of them, {@link FeatureMismatchError}
 */
export function predictKernels(predictor: Predictor, kernel: AnyKernel, configs: readonly KernelConfig[]): readonly Prediction[] {
  return predictVectors(
    predictor,
    configs.map((config) => kernelFeatures(predictor, kernel, config)),
  );
}

/** {@link predictKernels} for feature vectors, which may be of several kernels of the predictor's family. */
export function predictVectors(predictor: Predictor, vectors: readonly (readonly number[])[]): readonly Prediction[] {
  const latencies = predictor.predictMany(vectors);
  return vectors.map((features, i) => describePrediction(predictor, latencies[i]!, features));
}

function kernelFeatures(predictor: Predictor, kernel: AnyKernel, config: KernelConfig): readonly number[] {
  checkConfig(kernel, config);
  return featuresForPredictor(kernel, config, predictor.manifest.featureNames);
}

function describePrediction(predictor: Predictor, latencyMs: number, features: readonly number[]): Prediction {
  return {
    latencyMs,
    interval80: predictor.intervalAround(latencyMs, 0.8),
    interval95: predictor.intervalAround(latencyMs, 0.95),
    outsideSampled: predictor.outsideSampled(features),
  };
}
