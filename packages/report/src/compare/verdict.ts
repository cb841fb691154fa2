import type { Verdict } from '../data/report-document.ts';

/** A ratio of latencies, after / before, and the range that holds the true one with 95 % probability. */
export interface RatioInterval {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Decide by an interval: `slower` or `faster` when all of it lies beyond the threshold, `same` when all of it lies within, `ambiguous` when
 * it crosses: then the data allow for more than one answer.
 *
 * @param threshold - relative change that counts, such as 0.05: from 1 / 1.05 to 1.05 is the same
 */
export function verdictOf({ low, high }: Pick<RatioInterval, 'low' | 'high'>, threshold: number): Verdict {
  const [bottom, top] = [1 / (1 + threshold), 1 + threshold];
  if (low > top) return 'slower';
  if (high < bottom) return 'faster';
  return low >= bottom && high <= top ? 'same' : 'ambiguous';
}
