import { exp, InvalidArgumentError } from '@nnm/core';

/** How good predictions are. Shares and relative errors are numbers between 0 and 1 (0.1 = 10 %). */
export interface Metrics {
  readonly rows: number;
  /** Rows that graded nothing, because their labels are less certain than was asked for; absent for none. */
  readonly flagged?: number;
  /** True when every label is, so that the grade rests on them after all and says as much of the labels. */
  readonly onlyFlagged?: boolean;
  readonly rmseMs: number;
  /** Root of the mean squared relative error. */
  readonly rmspe: number;
  /** Share of predictions within ±5 % of the measured latency. */
  readonly acc5: number;
  /** Share within ±10 %. */
  readonly acc10: number;
  /** Share within ±15 %. */
  readonly acc15: number;
  readonly medianError: number;
  /** Mean relative error of the worst tenth of the rows (at least one row). */
  readonly worstDecile: number;
}

/**
 * Compare predictions with measured latencies.
 *
 * @throws {@link InvalidArgumentError} when the lists differ in length or are empty
 */
export function computeMetrics(latenciesMs: ArrayLike<number>, predictionsMs: ArrayLike<number>): Metrics {
  const rows = latenciesMs.length;
  if (rows === 0 || predictionsMs.length !== rows) {
    throw new InvalidArgumentError({
      name: 'predictionsMs',
      expected: `one prediction for each of at least one latency (${rows})`,
      got: predictionsMs.length,
    });
  }
  let squares = 0;
  let relativeSquares = 0;
  const errors = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const difference = predictionsMs[i]! - latenciesMs[i]!;
    squares += difference * difference;
    errors[i] = Math.abs(difference) / latenciesMs[i]!;
    relativeSquares += errors[i]! * errors[i]!;
  }
  errors.sort();
  const within = (limit: number): number => {
    const firstOutside = errors.findIndex((error) => error > limit);
    return (firstOutside < 0 ? rows : firstOutside) / rows;
  };
  const worst = errors.subarray(rows - Math.max(1, Math.round(rows / 10)));
  return {
    rows,
    rmseMs: Math.sqrt(squares / rows),
    rmspe: Math.sqrt(relativeSquares / rows),
    acc5: within(0.05),
    acc10: within(0.1),
    acc15: within(0.15),
    medianError: errors[Math.floor((rows - 1) / 2)]!,
    worstDecile: worst.reduce((sum, error) => sum + error, 0) / worst.length,
  };
}

/**
 * {@link computeMetrics} of the rows whose labels are as certain as was asked for; of all when there are no others.
 *
 * @param flagged - of each row, whether its label is less certain
 */
export function gradeTrusted(latenciesMs: readonly number[], predictionsMs: ArrayLike<number>, flagged: readonly boolean[]): Metrics {
  const left = flagged.filter(Boolean).length;
  if (left === 0) return computeMetrics(latenciesMs, predictionsMs);
  if (left === latenciesMs.length) return { ...computeMetrics(latenciesMs, predictionsMs), onlyFlagged: true };
  const counted = latenciesMs.map((_, row) => row).filter((row) => !flagged[row]);
  const metrics = computeMetrics(
    counted.map((row) => latenciesMs[row]!),
    counted.map((row) => predictionsMs[row]!),
  );
  return { ...metrics, flagged: left };
}

/** What a predictor that knows every true latency would be graded, because the labels themselves scatter. */
export interface Ceiling {
  readonly rows: number;
  readonly acc5: number;
  readonly acc10: number;
  readonly acc15: number;
}

/**
 * The grade set by the labels' own repeatability, taking their errors as normal.
 *
 * @param spreadsMs - standard deviation of each label, that is of the reported statistic between repeated measurements, not of single
 * runs; NaN where unknown
 * @returns undefined when no spread is known
 */
export function computeCeiling(latenciesMs: ArrayLike<number>, spreadsMs: ArrayLike<number>): Ceiling | undefined {
  let rows = 0;
  const sums = [0, 0, 0];
  for (let i = 0; i < latenciesMs.length; i++) {
    const spread = spreadsMs[i]!;
    if (!(spread >= 0)) continue;
    rows++;
    [0.05, 0.1, 0.15].forEach((limit, k) => {
      sums[k]! += spread === 0 ? 1 : errorFunction((limit * latenciesMs[i]!) / (spread * Math.SQRT2));
    });
  }
  return rows === 0 ? undefined : { rows, acc5: sums[0]! / rows, acc10: sums[1]! / rows, acc15: sums[2]! / rows };
}

/** Error function, absolute error below 1.5e-7 (Abramowitz and Stegun 7.1.26). */
function errorFunction(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const tail = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * exp(-x * x);
  return x < 0 ? tail - 1 : 1 - tail;
}
