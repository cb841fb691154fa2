import { availableParallelism } from 'node:os';
import { InvalidArgumentError } from '../errors/index.ts';
import { growForest } from '../regression/forest-grower.ts';
import type { ForestWorkers } from '../regression/forest-task.ts';
import { growInThreads } from './grow-in-threads.ts';

/** Rows × features × trees that take about half a second: a thread needs 0.05 s to start and 0.2 s more until its code is fast. */
const WORK_PER_THREAD = 5e6;

/** Options of {@link createForestWorkers}. */
export interface ForestWorkersOptions {
  /** Most threads. Default: as many as this process may run at the same time. */
  readonly threads?: number;
  /** Work that is worth a thread, in rows × features × trees. Default 5e6, about half a second. */
  readonly workPerThread?: number;
}

/**
 * Share out the trees of random forests among threads. The number of threads does not change a byte of the result. They are started for
 * each forest and end with it; a forest too small for two of them is grown in the calling thread.
 *
 * @throws {@link InvalidArgumentError} naming the option
 * @example await trainPredictor({ ...options, regressor: 'random-forest', forestWorkers: createForestWorkers() })
 */
export function createForestWorkers(options: ForestWorkersOptions = {}): ForestWorkers {
  const { threads = availableParallelism(), workPerThread = WORK_PER_THREAD } = options;
  if (!Number.isInteger(threads) || threads < 1) {
    throw new InvalidArgumentError({ name: 'threads', expected: 'an integer >= 1', got: threads });
  }
  if (!(workPerThread > 0)) throw new InvalidArgumentError({ name: 'workPerThread', expected: 'above 0', got: workPerThread });
  return {
    grow(task, signal) {
      const { table, options } = task;
      const work = table.rows * table.columns * options.nEstimators;
      const useful = Math.min(threads, options.nEstimators, Math.floor(work / workPerThread));
      // One thread more would only leave this one waiting.
      if (useful < 2) return growForest(task, signal);
      return growInThreads(task, useful, signal);
    },
  };
}
