import { median } from '@nnm/core';
import type { RatioInterval } from './verdict.ts';

/** Of fewer values the order says too little: no pair of them encloses the median with 95 % probability. */
export const FEWEST_FOR_ORDER = 6;

/**
 * The median of some ratios and its 95 % interval: from the k-th smallest to the k-th largest, whatever they are distributed like (as for
 * the sign test). The interval of fewer than {@link FEWEST_FOR_ORDER} is the range of all their own intervals.
 *
 * @param ratios - at least one
 */
export function medianInterval(ratios: readonly RatioInterval[]): RatioInterval {
  const sorted = ratios.map(({ ratio }) => ratio).sort((a, b) => a - b);
  const ratio = median(sorted);
  if (sorted.length < FEWEST_FOR_ORDER) {
    return { ratio, low: Math.min(...ratios.map(({ low }) => low)), high: Math.max(...ratios.map(({ high }) => high)) };
  }
  const place = orderPlace(sorted.length);
  return { ratio, low: sorted[place] as number, high: sorted[sorted.length - 1 - place] as number };
}

/** How many values may be left out at each end: the most for which both tails together have at most 5 % probability. */
function orderPlace(count: number): number {
  let tail = 0;
  let term = 1;
  for (let half = 0; half < count; half++) term /= 2;
  // Beyond what a number can hold the normal distribution is as good.
  if (term < Number.MIN_VALUE * 1e30) return Math.floor(count / 2 - 0.98 * Math.sqrt(count));
  for (let below = 0; below < count / 2; below++) {
    tail += term;
    if (tail > 0.025) return Math.max(0, below - 1);
    term *= (count - below) / (below + 1);
  }
  return 0;
}
