import type { LoadedModel } from '@nnm/core';

/** A monotonic clock in milliseconds. */
export type Clock = () => number;

/**
 * Time `count` batches of `batch` runs each and store the time of one run of every batch in `out`, in milliseconds.
 *
 * Runs of a synchronous model follow each other without a microtask between them: the return value is a promise only when
 * the model's `run` returns one. No allocation happens between two readings of the clock.
 *
 * @returns nothing, or a promise of an asynchronous model's completion
 */
export function timeBatches(model: LoadedModel, clock: Clock, batch: number, count: number, out: Float64Array): undefined | Promise<void> {
  for (let i = 0; i < count; i++) {
    const start = clock();
    for (let run = 0; run < batch; run++) {
      const pending = model.run();
      if (pending !== undefined) return timeBatchesAsync(model, clock, batch, count, out, i, run, start, pending);
    }
    out[i] = (clock() - start) / batch;
  }
  return undefined;
}

async function timeBatchesAsync(
  model: LoadedModel,
  clock: Clock,
  batch: number,
  count: number,
  out: Float64Array,
  first: number,
  run: number,
  started: number,
  pending: Promise<void>,
): Promise<void> {
  await pending;
  for (let done = run + 1; done < batch; done++) await model.run();
  out[first] = (clock() - started) / batch;
  for (let i = first + 1; i < count; i++) {
    const start = clock();
    for (let done = 0; done < batch; done++) await model.run();
    out[i] = (clock() - start) / batch;
  }
}
