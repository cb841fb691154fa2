import type { Rng } from '../random/index.ts';

/** Bins of the marginal prior, as in nn-Meter. */
export const PRIOR_BINS = 40;

/** A histogram to draw from: `edges[i]` to `edges[i + 1]` holds the values up to the share `cumulative[i + 1]`. */
export interface Histogram {
  readonly edges: readonly number[];
  readonly cumulative: readonly number[];
}

/** Histogram of some values with bins of equal width from the smallest to the largest. */
export function buildHistogram(values: readonly number[], bins: number = PRIOR_BINS): Histogram {
  const min = values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
  const max = values.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY);
  const width = (max - min) / bins;
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) counts[width === 0 ? 0 : Math.min(bins - 1, Math.floor((value - min) / width))]! += 1;
  const cumulative = [0];
  let seen = 0;
  for (const count of counts) {
    seen += count;
    cumulative.push(seen / values.length);
  }
  return { edges: Array.from({ length: bins + 1 }, (_, bin) => min + bin * width), cumulative };
}

/** Draw from a histogram by inverse transform: uniform within a bin, bins in proportion to their counts. */
export function drawFromHistogram({ edges, cumulative }: Histogram, rng: Rng): number {
  const share = rng.float();
  let bin = 0;
  while ((cumulative[bin + 1] as number) <= share) bin++;
  const low = cumulative[bin] as number;
  const inside = (share - low) / ((cumulative[bin + 1] as number) - low);
  return (edges[bin] as number) + inside * ((edges[bin + 1] as number) - (edges[bin] as number));
}
