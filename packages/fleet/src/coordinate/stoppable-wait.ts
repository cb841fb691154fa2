import type { Timers } from '@nnm/profiler';

/** Waiting that ends early when a signal fires. */
export class StoppableWait {
  constructor(
    private readonly timers: Timers,
    private readonly signal: AbortSignal,
  ) {}

  /** What some work ends with; undefined when that takes longer. @throws what the signal was fired with */
  async within<T>(work: Promise<T>, ms: number): Promise<{ readonly value: T } | undefined> {
    const pause = this.start(ms);
    work.catch(() => undefined); // of what is no longer waited for
    try {
      const first = await Promise.race([work.then((value) => ({ value })), pause.over]);
      this.signal.throwIfAborted();
      return first;
    } finally {
      pause.end();
    }
  }

  /** Ends early, without an error, when the signal fires. */
  pause(ms: number): Promise<undefined> {
    return this.start(ms).over;
  }

  private start(ms: number): { readonly over: Promise<undefined>; readonly end: () => void } {
    const { signal } = this;
    let end = (): void => undefined;
    const over = new Promise<undefined>((resolve) => {
      const cancel = this.timers.after(ms, () => end());
      end = () => {
        cancel();
        signal.removeEventListener('abort', end);
        resolve(undefined);
      };
      signal.addEventListener('abort', end, { once: true });
    });
    if (signal.aborted) end();
    return { over, end };
  }
}
