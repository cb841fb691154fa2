import { type IntervalBin, type IntervalTable, TABLE_COVERAGES } from '../predict/intervals.ts';

/** Rows a bin of similar predictions should have, so that its 95 % quantiles are not chance. */
const ROWS_PER_BIN = 150;
const MOST_BINS = 6;

/**
 * Conformal intervals from predictions of rows that their model had not seen.
 *
 * Quantiles of measured over predicted latency, with the finite-sample correction of split conformal prediction, separately for small and
 * large predictions where there are rows enough: short kernels scatter more.
 *
 * @param latenciesMs - measured; rows whose prediction is NaN are left out
 */
export function fitIntervals(
  latenciesMs: ArrayLike<number>,
  predictionsMs: ArrayLike<number>,
  source: IntervalTable['source'],
): IntervalTable {
  const pairs: { predicted: number; ratio: number }[] = [];
  for (let i = 0; i < latenciesMs.length; i++) {
    const predicted = predictionsMs[i]!;
    if (predicted > 0) pairs.push({ predicted, ratio: latenciesMs[i]! / predicted });
  }
  pairs.sort((a, b) => a.predicted - b.predicted || a.ratio - b.ratio);
  const count = Math.min(MOST_BINS, Math.max(1, Math.floor(pairs.length / ROWS_PER_BIN)));
  const bins: IntervalBin[] = [];
  for (let bin = 0; bin < count && pairs.length > 0; bin++) {
    const members = pairs.slice(Math.floor((bin * pairs.length) / count), Math.floor(((bin + 1) * pairs.length) / count));
    const ratios = Float64Array.from(members, ({ ratio }) => ratio).sort();
    const fromMs = bin === 0 ? 0 : members[0]!.predicted;
    bins.push({ fromMs, factors: TABLE_COVERAGES.map((coverage) => ({ coverage, ...quantiles(ratios, coverage) })) });
  }
  return { source, rows: pairs.length, bins };
}

/** Lower and upper quantile, each side missing half of what the interval may miss. */
function quantiles(sorted: Float64Array, coverage: number): { low: number; high: number } {
  const rank = Math.min(sorted.length, Math.ceil((sorted.length + 1) * (0.5 + coverage / 2)));
  return { low: sorted[sorted.length - rank]!, high: sorted[rank - 1]! };
}
