/** Features that say how much work a kernel is; whichever of them a kernel has feed its baseline. */
export const BASELINE_FEATURES = ['FLOPS', 'BYTES', 'PARAMS'] as const;

/** An analytic estimate of latency: a fixed cost and a cost per unit of work. */
export interface Baseline {
  readonly launchMs: number;
  /** `index` is the feature's place in the feature vector. */
  readonly costs: readonly { readonly feature: string; readonly index: number; readonly msPerUnit: number }[];
}

/** The smallest baseline, so that its logarithm exists. */
const SMALLEST_MS = 1e-9;

/** Latency by the baseline, in milliseconds, always positive. `offset` is where the row starts in `values`. */
export function baselineMs(baseline: Baseline, values: ArrayLike<number>, offset = 0): number {
  let latencyMs = baseline.launchMs;
  for (const { index, msPerUnit } of baseline.costs) latencyMs += msPerUnit * values[offset + index]!;
  return latencyMs > SMALLEST_MS ? latencyMs : SMALLEST_MS;
}
