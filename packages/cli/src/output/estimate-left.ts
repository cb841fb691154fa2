/** How far back the newest rate looks: this share of the time so far. */
const WINDOW_SHARE = 0.25;
/** Before so large a share is done nothing is said. */
const KNOWN_SHARE = 0.05;

/** How far a stage is. */
export interface Advance {
  readonly atMs: number;
  readonly done: number;
  readonly jobs: number;
  /** By the engine, which counts the visits that are planned: on a busy machine more become necessary. */
  readonly leftMs: number | undefined;
}

/**
 * Estimates the time left of a stage from how it has gone: the largest of what the engine says, what the rate so far says, and what the
 * newest rate says, as the last kernels of a busy machine take longest.
 */
export class LeftEstimator {
  private readonly history: Advance[] = [];

  /** @returns milliseconds; undefined while little is known */
  add(advance: Advance): number | undefined {
    const { history } = this;
    history.push(advance);
    const first = history[0] as Advance;
    const { atMs, done, jobs, leftMs } = advance;
    const passedMs = atMs - first.atMs;
    const gained = done - first.done;
    if (leftMs === undefined || gained < KNOWN_SHARE * (jobs - first.done)) return undefined;
    const rest = jobs - done;
    const windowMs = WINDOW_SHARE * passedMs;
    const start = history.findLast((one) => one.atMs <= atMs - windowMs) ?? first;
    const recent = done - start.done;
    // Nothing in all that time: the next one takes at least as long
    const byNewest = (rest / Math.max(1, recent)) * (atMs - start.atMs);
    const bySoFar = gained > 0 ? (rest / gained) * passedMs : 0;
    return Math.max(leftMs, rest === 0 ? 0 : Math.max(byNewest, bySoFar));
  }
}
