import type { Series } from './benchmark-output.ts';

/** `benchmark_model` counts whole microseconds. */
export const STEP_MS = 0.001;

/** What the runs of a series say of one inference; milliseconds. */
export interface TypicalRun {
  readonly runs: number;
  readonly minMs: number;
  readonly meanMs: number;
  /** The run that counts: the median, or the mean of versions that print none. */
  readonly typicalMs: number;
  /** What is left of the clock's step in it. */
  readonly stepMs: number;
}

/**
 * The typical run of a series.
 *
 * The median of readings in whole microseconds is off by up to half of one, which is 5 % of a run of 10 µs. The mean of the same readings is
 * not, since they are cut off at random places; but an interruption moves it. So it counts as far as it can be right: within half a step of
 * the median.
 */
export function typicalRun({ runs, minUs, meanUs, medianUs }: Series): TypicalRun {
  const typicalUs = medianUs === undefined ? meanUs : Math.min(Math.max(meanUs, medianUs - 0.5), medianUs + 0.5);
  return { runs, minMs: minUs / 1000, meanMs: meanUs / 1000, typicalMs: typicalUs / 1000, stepMs: STEP_MS / Math.sqrt(runs) };
}
