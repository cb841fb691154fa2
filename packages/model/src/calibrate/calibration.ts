import type { Implement, Json } from '@nnm/core';
import type { ClassEstimate } from '../price/work-estimate.ts';

/** What a network takes beyond, or short of, the sum of its kernels: `sum * x + perKernelMs * kernels + perWeightMbMs * MB + ...`. */
export interface CalibrationTerms {
  readonly sum: number;
  readonly perKernelMs: number;
  /** Per megabyte (10^6 bytes) of weights as float32. */
  readonly perWeightMbMs: number;
  /** The share of the sum that memory-bound kernels take (a matrix times a vector) counts so many times more. */
  readonly memoryBound: number;
}

/** The names of {@link CalibrationTerms}, in the order of their equation. */
export const CALIBRATION_TERMS = [
  'sum',
  'perKernelMs',
  'perWeightMbMs',
  'memoryBound',
] as const satisfies readonly (keyof CalibrationTerms)[];

/** How the networks of a backend follow from their kernels. */
export interface Calibration {
  readonly backend: string;
  readonly implement: Implement;
  readonly batchSize: number;
  /** What the runtime and the machine said of themselves when it was measured. */
  readonly environment: Json;
  readonly terms: CalibrationTerms;
  /**
   * Standard deviation of the logarithm of measured over calculated time, for networks left out of the fit, their kernels measured: what no
   * predictor of kernels can better.
   */
  readonly compositionError: number;
  /** What totals from predicted kernels are multiplied with: their median error on the calibration networks, as far as it is certain. */
  readonly scale: number;
  /** How far the errors of a network's kernels go together, 0 (they cancel) to 1 (they add). */
  readonly correlation: number;
  /** What changing the layout of values costs; absent where the runtime never does. */
  readonly reorders?: ClassEstimate;
  /** Networks that it was fitted on: their own errors say nothing of others'. */
  readonly networks: readonly CalibrationNetwork[];
}

/** A network that was measured together with its kernels. */
export interface CalibrationNetwork {
  readonly name: string;
  readonly latencyMs: number;
  /** Of its kernels, each measured alone in the same rounds. */
  readonly sumMs: number;
  readonly kernels: number;
  readonly weightBytes: number;
  /** Part of the sum that memory-bound kernels take. */
  readonly memoryBoundMs: number;
  /** Relative error of the total calculated from measured kernels by a calibration without this network. */
  readonly leftOutError: number;
  /** The same from predicted kernels; absent where not all of them could be priced. */
  readonly predictedError?: number;
}
