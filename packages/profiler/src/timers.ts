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
/** No more than this of a wait may pass while this process is stopped or the machine sleeps, and whoever it waits for with it. */
const STEP_MS = 5000;

/** This process's own time. */
export const SYSTEM_TIMERS: Timers = {
  now: () => performance.now(),
  after(ms, action) {
    if (!(ms <= LONGEST_MS)) return () => undefined;
    let leftMs = ms;
    let timer: ReturnType<typeof setTimeout>;
    const wait = (): void => {
      const stepMs = Math.min(leftMs, STEP_MS);
      leftMs -= stepMs;
      timer = setTimeout(leftMs > 0 ? wait : action, stepMs);
    };
    wait();
    return () => clearTimeout(timer);
  },
};
