/** Share of measured latencies an interval is meant to hold. */
export type Coverage = 0.8 | 0.95;

/** The coverages every predictor offers. */
export const COVERAGES: readonly Coverage[] = [0.8, 0.95];

/** Residuals of one range of predictions, as factors: the measured latency lies between `low` and `high` times the prediction. */
export interface IntervalBin {
  /** Predictions of at least this many milliseconds, up to the next bin's. */
  readonly fromMs: number;
  readonly factors: readonly { readonly coverage: Coverage; readonly low: number; readonly high: number }[];
}

/** Conformal prediction intervals: quantiles of the residuals of predictions for rows their model had not seen. */
export interface IntervalTable {
  /** Where the residuals come from. */
  readonly source: 'out-of-bag' | 'cross-validation';
  /** Residuals behind the table. With fewer than 39 in a bin, its 95 % interval is only as wide as the worst of them. */
  readonly rows: number;
  /** Ascending by `fromMs`, the first from 0. */
  readonly bins: readonly IntervalBin[];
}

/** A range of latencies in milliseconds. */
export interface LatencyInterval {
  readonly lowMs: number;
  readonly highMs: number;
  readonly coverage: Coverage;
}

/** The interval around a prediction. */
export function intervalAround(table: IntervalTable, predictedMs: number, coverage: Coverage): LatencyInterval {
  const bin = table.bins.findLast(({ fromMs }) => predictedMs >= fromMs) ?? table.bins[0];
  const factors = bin?.factors.find((entry) => entry.coverage === coverage);
  if (factors === undefined) return { lowMs: 0, highMs: Number.POSITIVE_INFINITY, coverage };
  return { lowMs: predictedMs * factors.low, highMs: predictedMs * factors.high, coverage };
}
