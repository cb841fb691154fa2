import { InvalidArgumentError } from '@nnm/core';

/**
 * The coverages for which a predictor keeps factors: every 5 % up to 90 %, every percent above, and all residuals there were. What lies
 * between takes the next wider one, so that an interval holds at least what was asked for.
 */
export const TABLE_COVERAGES: readonly number[] = [
  ...Array.from({ length: 18 }, (_, step) => (5 * (step + 1)) / 100),
  ...Array.from({ length: 10 }, (_, step) => (91 + step) / 100),
];

/** Tolerance for coverages that were computed, such as `1 - 0.2`. */
const ROUNDING = 1e-9;

/** Residuals of one range of predictions, as factors: the measured latency lies between `low` and `high` times the prediction. */
export interface IntervalBin {
  /** Predictions of at least this many milliseconds, up to the next bin's. */
  readonly fromMs: number;
  /** Ascending by coverage. Files of earlier versions have 0.8 and 0.95 alone. */
  readonly factors: readonly { readonly coverage: number; readonly low: number; readonly high: number }[];
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
  /** Share of measured latencies that it is meant to hold at least, as asked for. */
  readonly coverage: number;
}

/**
 * The interval around a prediction.
 *
 * @throws {@link InvalidArgumentError} when `coverage` is not above 0 and below 1, or above what a predictor of an earlier version knows
 */
export function intervalAround(table: IntervalTable, predictedMs: number, coverage: number): LatencyInterval {
  if (!(typeof coverage === 'number' && coverage > 0 && coverage < 1)) {
    throw new InvalidArgumentError({ name: 'coverage', expected: 'a share above 0 and below 1, such as 0.8', got: coverage });
  }
  const bin = table.bins.findLast(({ fromMs }) => predictedMs >= fromMs) ?? table.bins[0];
  const factors = bin?.factors.find((entry) => entry.coverage >= coverage - ROUNDING);
  if (factors === undefined) {
    const most = bin?.factors.at(-1)?.coverage ?? 0;
    throw new InvalidArgumentError({
      name: 'coverage',
      expected: `at most ${most}, which is all that this predictor knows`,
      got: coverage,
      hint: 'Build the predictor again with this version of nnm: its predictors know intervals of every coverage.',
    });
  }
  return { lowMs: predictedMs * factors.low, highMs: predictedMs * factors.high, coverage };
}
