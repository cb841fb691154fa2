import type { Implement, Json, KernelConfig } from '@nnm/core';
import type { Ceiling, Metrics } from '../training/metrics.ts';
import type { IntervalTable } from './intervals.ts';
import type { SampledSpace } from './sampled-space.ts';
import type { TargetModel } from './target.ts';

/** First key of every predictor file: tells it from other JSON. */
export const PREDICTOR_FORMAT = 'nnm-predictor';

/** The version of the predictor format that this version writes. Version 2 added costs beyond a size (`above`) to the baseline. */
export const PREDICTOR_SCHEMA_VERSION = 2;

/** The oldest version that is still read. */
export const OLDEST_PREDICTOR_SCHEMA_VERSION = 1;

/** What a kernel's block built for one configuration when a predictor learned from it. */
export interface GraphProbe {
  readonly kernel: string;
  readonly config: KernelConfig;
  /** Core's `graphHash`. */
  readonly hash: string;
}

/** Everything a predictor knows about itself; all of it JSON. */
export interface PredictorManifest {
  /** Kernel the predictor was asked for, such as `conv-bn-relu`. */
  readonly kernelType: string;
  /** Kernels of its family share it. */
  readonly family: string;
  /** Kernels whose measurements it learned from. */
  readonly kernels: readonly string[];
  /** Backend id, such as `tflite_cpu`. */
  readonly backend: string;
  readonly implement: Implement;
  readonly batchSize: number;
  /** What the runtime and the machine said of themselves when the data were measured. */
  readonly environment: Json;
  /** Names of the features, in the order of the vector. */
  readonly featureNames: readonly string[];
  readonly sampled: SampledSpace;
  readonly regressor: { readonly id: string; readonly options: Json };
  readonly target: TargetModel;
  readonly intervals: IntervalTable;
  /** Grade of the validation split, by a model that had not seen it; the predictor itself is fitted on all rows. */
  readonly metrics: Metrics;
  /** Grade on configurations that steered nothing, by a predictor that had not seen them; the predictor itself is fitted on them too. */
  readonly holdout?: Metrics;
  /** Grade of the predictions behind the intervals. */
  readonly crossValidation: Metrics;
  /** What the labels' own repeatability allows, where it is known. */
  readonly ceiling?: Ceiling;
  /** Rows: given, used (fitted on), in the validation split. */
  readonly samples: { readonly given: number; readonly used: number; readonly validation: number };
  readonly seed: number;
  /** SHA-256 of the ids, features and latencies learned from, in hexadecimal. */
  readonly dataHash: string;
  /** Tells whether the kernels are still what they were; absent in predictors from before it was kept. */
  readonly graphs?: readonly GraphProbe[];
  /** Version of nnm that made it. */
  readonly nnmVersion: string;
}
