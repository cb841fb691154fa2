import type { LoadedModel } from '@nnm/core';
import { type Clock, passedBetween } from './clock-check.ts';

/** Longest series of timings. */
export const MAX_TIMINGS = 256;

/**
 * Times runs by one clock, without allocating between two readings of it. It keeps its timings in a buffer of its own, so
 * one of them times one series at a time; every runtime host has its own.
 */
export class RunTimer {
  private readonly starts = new Float64Array(MAX_TIMINGS);
  private readonly ends = new Float64Array(MAX_TIMINGS);

  /**
   * @param clock - the clock that runs are timed by
   * @param hostClock - this process's own, for what must come to an end whatever the other one says
   */
  constructor(
    readonly clock: Clock,
    readonly hostClock: Clock = () => performance.now(),
  ) {}

  /**
   * Time `count` batches of `batch` runs each.
   *
   * Runs of a synchronous model follow each other without a microtask between them.
   *
   * @returns milliseconds of one run of every batch, in the order of the batches
   * @throws {@link RuntimeClockError} when the clock reads something that is not a time, or goes back
   */
  async time(model: LoadedModel, batch: number, count: number): Promise<Float64Array> {
    const pending = this.runBatches(model, batch, count);
    if (pending !== undefined) await pending;
    const times = new Float64Array(count);
    for (let i = 0; i < count; i++) times[i] = passedBetween(this.starts[i]!, this.ends[i]!) / batch;
    return times;
  }

  /** Milliseconds since an earlier reading. @throws {@link RuntimeClockError} */
  since(earlierMs: number): number {
    return passedBetween(earlierMs, this.clock());
  }

  /** The return value is a promise only when the model's `run` returns one. */
  private runBatches(model: LoadedModel, batch: number, count: number): undefined | Promise<void> {
    const { clock, starts, ends } = this;
    for (let i = 0; i < count; i++) {
      starts[i] = clock();
      for (let run = 0; run < batch; run++) {
        const pending = model.run();
        if (pending !== undefined) return this.runBatchesAsync(model, batch, count, i, run, pending);
      }
      ends[i] = clock();
    }
    return undefined;
  }

  private async runBatchesAsync(
    model: LoadedModel,
    batch: number,
    count: number,
    first: number,
    run: number,
    pending: Promise<void>,
  ): Promise<void> {
    const { clock, starts, ends } = this;
    await pending;
    for (let done = run + 1; done < batch; done++) await model.run();
    ends[first] = clock();
    for (let i = first + 1; i < count; i++) {
      starts[i] = clock();
      for (let done = 0; done < batch; done++) await model.run();
      ends[i] = clock();
    }
  }
}
