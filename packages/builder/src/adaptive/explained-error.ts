/** What a label says of how far it can be trusted. */
export interface Trust {
  readonly latencyMs: number;
  /** Standard deviation expected of `latencyMs` if it were measured again; absent where it is unknown. */
  readonly repeatabilityMs?: number;
  /** Why the measurement is less certain than asked for; none where it is not. */
  readonly flags?: readonly string[];
}

/** A label lies within this many of its standard deviations of the truth in 19 of 20 cases. */
const DEVIATIONS = 2;

/**
 * The relative error that a label's own scatter explains, whatever the predictor: measuring more around it would teach nothing. All of it
 * where the measurement is flagged; none where nothing is known of its scatter.
 */
export function explainedError({ latencyMs, repeatabilityMs = 0, flags = [] }: Trust): number {
  return flags.length > 0 ? Number.POSITIVE_INFINITY : (DEVIATIONS * repeatabilityMs) / latencyMs;
}

/** What is left of a relative error when the label's own scatter has explained what it can. */
export function unexplainedError(relativeError: number, label: Trust): number {
  return Math.max(0, relativeError - explainedError(label));
}
