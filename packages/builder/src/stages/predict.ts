import path from 'node:path';
import { type AnyKernel, checkConfig, type KernelConfig, kernelFamily, NnmError, type Registry } from '@nnm/core';
import {
  findRegressor,
  InvalidPredictorFileError,
  type LatencyInterval,
  type OutsideReasons,
  type Predictor,
  parsePredictor,
} from '@nnm/predictor';
import { fileExists, readTextFile, type Workspace } from '../workspace/index.ts';
import { featuresForPredictor } from './features.ts';
import { kernelHasChanged } from './kernel-probes.ts';

/** A predicted latency with its certainty. */
export interface Prediction {
  readonly latencyMs: number;
  /** Ranges that hold the measured latency with 80 % and 95 % probability. */
  readonly interval80: LatencyInterval;
  readonly interval95: LatencyInterval;
  /** Why the configuration lies outside what was sampled; empty when it lies inside. */
  readonly outsideSampled: OutsideReasons;
}

/** No predictor has been built for the kernel or its family. */
export class NoPredictorError extends NnmError {
  constructor(details: { kernel: string; family: string; workspace: string }) {
    super({
      code: 'ERR_NO_PREDICTOR',
      message: `${details.workspace} has no predictor for ${details.kernel} (family ${details.family}).`,
      hint: `Build one with \`nnm build ${details.kernel}\`.`,
      details,
    });
  }
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
  const vectors = configs.map((config) => kernelFeatures(predictor, kernel, config));
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

/** A workspace's predictor of a kernel. */
export interface FoundPredictor {
  readonly predictor: Predictor;
  readonly file: string;
  /** The kernel's block builds other graphs than when the predictor learned from it; undefined where that cannot be told. */
  readonly kernelChanged: boolean | undefined;
}

/**
 * Read the finished predictor of a kernel's family from a workspace.
 *
 * @throws {@link NoPredictorError}, {@link InvalidPredictorFileError}
 */
export async function readPredictor(workspace: Workspace, kernel: AnyKernel, registry: Registry): Promise<FoundPredictor> {
  const family = kernelFamily(kernel);
  const file = path.join(workspace.paths.predictors, `${family}.json`);
  if (!(await fileExists(file, workspace.files))) throw new NoPredictorError({ kernel: kernel.type, family, workspace: workspace.folder });
  const predictor = parsePredictor(await readTextFile(file, workspace.files), { file, regressor: (id) => findRegressor(id, registry) });
  if (predictor.manifest.family !== family) {
    throw new InvalidPredictorFileError({ file, problem: `it is the predictor of ${predictor.manifest.family}, not of ${family}` });
  }
  return { file, predictor, kernelChanged: kernelHasChanged(predictor, kernel) };
}
