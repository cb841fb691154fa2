import { type Baseline, baselineMs, type LatencyInterval } from '@nnm/predictor/browser';
import type { ClassifiedWork, OperatorClass } from './operator-class.ts';

/** What kernels without a predictor are estimated by: a launch cost, and a cost per operation and per byte, of every class of operator. */
export interface WorkEstimate {
  /** The cost of all classes together, for those that nothing was measured of. */
  readonly any: ClassEstimate;
  readonly classes: Readonly<Partial<Record<OperatorClass, ClassEstimate>>>;
}

/** The estimate of one class. */
export interface ClassEstimate {
  /** Over the vector `[FLOPS, BYTES]`. */
  readonly baseline: Baseline;
  /** Rows it was fitted on, and kernels they are of. */
  readonly rows: number;
  readonly kernels: number;
  /** The measured latency lies within a factor of `1 / factor` to `factor` of the estimate, for 80 % and 95 % of kernels not fitted on. */
  readonly factor80: number;
  readonly factor95: number;
}

/** Names of {@link estimateVector}. */
export const ESTIMATE_FEATURES = ['FLOPS', 'BYTES'] as const;

/** Work as the estimate's baselines want it. */
export function estimateVector({ flops, bytes }: Pick<ClassifiedWork, 'flops' | 'bytes'>): readonly number[] {
  return [flops, bytes];
}

/** An estimated latency with its ranges, and what it was estimated by. */
export interface EstimatedLatency {
  readonly latencyMs: number;
  readonly interval80: LatencyInterval;
  readonly interval95: LatencyInterval;
  /** As a sentence's end: `conv, from 600 rows of 3 kernels`. */
  readonly basis: string;
}

/** Estimate the latency of a part from its work. */
export function estimateLatency(estimate: WorkEstimate, work: ClassifiedWork): EstimatedLatency {
  const own = estimate.classes[work.class];
  const { baseline, rows, kernels, factor80, factor95 } = own ?? estimate.any;
  const latencyMs = baselineMs(baseline, estimateVector(work));
  const around = (factor: number, coverage: number): LatencyInterval => ({
    lowMs: latencyMs / factor,
    highMs: latencyMs * factor,
    coverage,
  });
  return {
    latencyMs,
    interval80: around(factor80, 0.8),
    interval95: around(factor95, 0.95),
    basis: `${own === undefined ? 'all classes' : work.class}, from ${rows} rows of ${kernels} ${kernels === 1 ? 'kernel' : 'kernels'}`,
  };
}
