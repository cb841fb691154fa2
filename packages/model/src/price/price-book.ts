import { type AnyKernel, configKey, type Implement, type KernelConfig } from '@nnm/core';
import type { LatencyInterval, Prediction, Predictor } from '@nnm/predictor/browser';
import type { ClassEstimate, WorkEstimate } from './work-estimate.ts';

/** A part that was measured on its own. */
export interface MeasuredPart {
  readonly latencyMs: number;
  readonly interval80: LatencyInterval;
  readonly interval95: LatencyInterval;
  /** Why the measurement is less certain than asked for. */
  readonly doubts: readonly string[];
}

/** Everything that the parts of a model are priced by. */
export interface PriceBook {
  /** By family. */
  readonly predictors: ReadonlyMap<string, Predictor>;
  /** The kernel of an id; undefined for one that nothing provides here. */
  readonly kernelOf: (type: string) => AnyKernel | undefined;
  /** Absent where nothing was measured that could say what work costs. */
  readonly estimate?: WorkEstimate | undefined;
  /** What changes of layout cost; absent: what {@link estimate} says of their bytes. */
  readonly reorders?: ClassEstimate | undefined;
  /** The framework and batch size that parts are measured as, whatever the model was written in. */
  readonly implement: Implement;
  readonly batchSize: number;
  /**
   * What predictors have said so far, by {@link predictionKey}: a search meets the same layers in network after network. Default: nothing is remembered.
   */
  readonly predictions?: Map<string, Prediction>;
  /** By the hash of the part's graph under these. */
  readonly measured?: ReadonlyMap<string, MeasuredPart> | undefined;
}

/** What a configuration's prediction is remembered by. */
export const predictionKey = (kernel: AnyKernel, config: KernelConfig): string => `${kernel.type} ${configKey(config)}`;
