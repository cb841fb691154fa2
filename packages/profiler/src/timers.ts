/** Time as a run sees it: tests hand in one that they move themselves. */
export interface Timers {
  /** Milliseconds since some moment. */
  now(): number;
  /** Do something later. @returns a function that calls it off */
  after(ms: number, action: () => void): () => void;
  /**
   * What a runtime in this process is watched by while it is timed. Default: this process's own clock. It must move by itself: a clock that
   * stands still between two readings is waited for.
   */
  hostClock?(): number;
}

/** `setTimeout` counts in 31 bits and fires at once for more. */
const LONGEST_MS = 2 ** 31 - 1;

/** This process's own time. */
export const SYSTEM_TIMERS: Timers = {
  now: () => performance.now(),
  after(ms, action) {
    if (!(ms <= LONGEST_MS)) return () => undefined;
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};
