import type { Implement, Json } from '@nnm/core';
import type { ClassEstimate } from '../price/work-estimate.ts';

/** What a network takes beyond, or short of, the sum of its kernels: `sum * x + perKernelMs * kernels + perWeightMbMs * MB + ...`. */
export interface CalibrationTerms {
  readonly sum: number;
  readonly perKernelMs: number;
  /** Per megabyte (10^6 bytes) of weights as float32. */
  readonly perWeightMbMs: number;
  /** Per megabyte of weights that a kernel finds in the cache when it runs again and again, and not when a network runs. */
  readonly perColdMbMs?: number;
  /** The share of the sum that memory-bound kernels take (a matrix times a vector) counts so many times more. */
  readonly memoryBound: number;
}

/** What each term is multiplied with, in its unit. */
export type TermQuantities = Required<CalibrationTerms>;

/** Bytes of the megabytes that terms are about. */
export const BYTES_PER_MB = 1e6;

/** The names of {@link CalibrationTerms}, in the order of their equation. */
export const CALIBRATION_TERMS = [
  'sum',
  'perKernelMs',
  'perWeightMbMs',
  'perColdMbMs',
  'memoryBound',
] as const satisfies readonly (keyof CalibrationTerms)[];

/** Terms that may be more than nothing, and the cache that they are about. */
export interface CalibrationForm {
  readonly terms: readonly (keyof CalibrationTerms)[];
  /** Of the cache that keeps the weights of a kernel that runs alone. */
  readonly cacheBytes?: number;
}

const MEGABYTE = 2 ** 20;

/** Forms that a calibration is chosen from, by the networks that each leaves out. */
export const CALIBRATION_FORMS: readonly CalibrationForm[] = [
  ...[1, 2, 4, 8].map((megabytes) => ({ terms: ['sum', 'perColdMbMs', 'memoryBound'], cacheBytes: megabytes * MEGABYTE }) as const),
  { terms: ['sum', 'perKernelMs', 'perWeightMbMs', 'memoryBound'] },
];

/** How the networks of a backend follow from their kernels. */
export interface Calibration {
  readonly backend: string;
  readonly implement: Implement;
  readonly batchSize: number;
  /** What the runtime and the machine said of themselves when it was measured. */
  readonly environment: Json;
  readonly terms: CalibrationTerms;
  /** Of the cache that {@link CalibrationTerms.perColdMbMs} is about; absent where the calibration has no such term. */
  readonly cacheBytes?: number;
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
  /** Weights that the network does not find in the cache of `cacheBytes`; absent without one. */
  readonly coldBytes?: number;
  /** Part of the sum that memory-bound kernels take. */
  readonly memoryBoundMs: number;
  /** Relative error of the total calculated from measured kernels by a calibration without this network. */
  readonly leftOutError: number;
  /** The same from predicted kernels; absent where not all of them could be priced. */
  readonly predictedError?: number;
}
