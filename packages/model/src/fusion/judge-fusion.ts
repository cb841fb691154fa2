/** A latency and how far another measurement of it may lie from it, as a standard deviation; milliseconds. */
export interface Measured {
  readonly latencyMs: number;
  readonly deviationMs: number;
}

/** What timing says of a case. `undecided`: what would tell is within the noise of the measurements. */
export type FusionVerdict = 'one' | 'separate' | 'undecided';

/** An answer, and what it rests on. */
export interface FusionAnswer {
  readonly verdict: FusionVerdict;
  /** Sum of the ops alone less the ops together, milliseconds, calls taken off. */
  readonly savedMs: number;
  /** Half of the 95 % interval of `savedMs`. */
  readonly marginMs: number;
  /** Half of the fastest op: joined ops save all of it, others nothing. */
  readonly limitMs: number;
}

const NORMAL_95 = 1.96;

/**
 * Decide by `T1 + T2 - T12`. Ops that run as one save about what the fastest of them takes alone, others nothing; the interval of
 * what is saved decides, so that an op of 3 µs beside one of 85 µs proves nothing.
 *
 * @param callMs - time of a model that does nothing: the ops alone are called more often
 */
export function judgeFusion(alone: readonly Measured[], together: Measured, callMs: number): FusionAnswer {
  const fastestMs = Math.min(...alone.map(({ latencyMs }) => latencyMs - callMs));
  const sumMs = alone.reduce((sum, { latencyMs }) => sum + latencyMs - callMs, 0);
  const savedMs = sumMs - (together.latencyMs - callMs);
  const variance = [...alone, together].reduce((sum, { deviationMs }) => sum + deviationMs * deviationMs, 0);
  const [marginMs, limitMs] = [NORMAL_95 * Math.sqrt(variance), fastestMs / 2];
  const verdict = savedMs - marginMs > limitMs && limitMs > 0 ? 'one' : savedMs + marginMs < limitMs ? 'separate' : 'undecided';
  return { verdict, savedMs, marginMs, limitMs };
}
