/** How far back the newest rate looks: this share of the time so far. */
const WINDOW_SHARE = 0.25;
/** Before so large a share of the kernels is done nothing is said. */
const KNOWN_SHARE = 0.05;

/** How far a run is. */
export interface Advance {
  readonly atMs: number;
  /** Kernels with a record, of how many. */
  readonly done: number;
  readonly jobs: number;
  /** What the visits that are planned by now would take: a busy machine makes more of them necessary. */
  readonly plannedMs: number;
}

/**
 * Estimates the time left of a run from how it has gone: the largest of what the planned visits take, what the rate so far says, and what
 * the newest rate says, as the last kernels of a busy machine take longest.
 */
export class LeftEstimate {
  private readonly history: Advance[] = [];
  private windowStart = 0;

  /** @returns milliseconds; undefined while little is known */
  add(advance: Advance): number | undefined {
    const { history } = this;
    history.push(advance);
    const first = history[0] as Advance;
    const { atMs, done, jobs, plannedMs } = advance;
    const passedMs = atMs - first.atMs;
    while ((history[this.windowStart + 1]?.atMs ?? Number.POSITIVE_INFINITY) <= atMs - WINDOW_SHARE * passedMs) this.windowStart++;
    const gained = done - first.done;
    if (gained < KNOWN_SHARE * (jobs - first.done)) return undefined;
    const rest = jobs - done;
    if (rest === 0) return plannedMs;
    const start = history[this.windowStart] as Advance;
    // Nothing in all that time: the next one takes at least as long
    const byNewest = (rest / Math.max(1, done - start.done)) * (atMs - start.atMs);
    const bySoFar = gained > 0 ? (rest / gained) * passedMs : 0;
    return Math.max(plannedMs, byNewest, bySoFar);
  }
}
