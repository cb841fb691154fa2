import type { Implement, Json } from '@nnm/core';
import type { Predictor } from '@nnm/predictor/browser';
import type { Calibration } from '../calibrate/calibration.ts';
import type { WorkEstimate } from '../price/work-estimate.ts';

/** First key of every bundle: tells it from other JSON. */
export const BUNDLE_FORMAT = 'nnm-bundle';

/** The version of the bundle's format that this version reads and writes. */
export const BUNDLE_SCHEMA_VERSION = 1;

/** Everything that it takes to predict whole models on one backend, without the device. */
export interface Bundle {
  /** Backend id, such as `tflite_cpu`. */
  readonly backend: string;
  readonly implement: Implement;
  readonly batchSize: number;
  /** What the runtime and the machine said of themselves when it was measured; null where nothing says. */
  readonly environment: Json;
  /** By family. */
  readonly predictors: ReadonlyMap<string, Predictor>;
  /** What the runtime runs as one: fusion rules as data. Absent: those that are built in for the backend. */
  readonly rules?: Json | undefined;
  /** Prices what has no predictor. */
  readonly estimate?: WorkEstimate | undefined;
  /** From the sum of kernels to the network. */
  readonly calibration?: Calibration | undefined;
  /** Version of nnm that made it. */
  readonly nnmVersion: string;
}
