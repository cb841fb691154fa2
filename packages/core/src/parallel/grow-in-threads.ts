import { Worker } from 'node:worker_threads';
import { AbortedError, NnmError } from '../errors/index.ts';
import { locateOwnProgram, type OwnProgram } from '../own-program.ts';
import type { ForestTask, GrownTree } from '../regression/forest-task.ts';
import { ForestThreadError } from './errors.ts';
import type { ForestThreadMessage, ForestThreadStart } from './forest-thread-protocol.ts';

/**
 * Grow a forest in threads of their own, which have ended when this settles, however it does.
 *
 * @param program - what each thread runs instead of `forest-thread.ts`
 * @returns each tree once, in any order
 * @throws {@link AbortedError} when stopped, at once; {@link ForestThreadError} when a thread cannot start or dies; what growing throws
 */
export async function growInThreads(
  task: ForestTask,
  threads: number,
  signal?: AbortSignal,
  program?: OwnProgram,
): Promise<readonly GrownTree[]> {
  const start: ForestThreadStart = { task, next: new Int32Array(new SharedArrayBuffer(4)) };
  const workers: Worker[] = [];
  let stop: (() => void) | undefined;
  try {
    return await new Promise<readonly GrownTree[]>((resolve, reject) => {
      stop = () => reject(new AbortedError({ what: 'Fitting the random forest' }, { cause: signal?.reason }));
      if (signal?.aborted) return stop();
      signal?.addEventListener('abort', stop);
      const trees: GrownTree[] = [];
      let running = threads;
      for (let i = 0; i < threads; i++) {
        const worker = startThread(start, program);
        workers.push(worker);
        worker.on('message', (message: ForestThreadMessage) => {
          if ('failed' in message) return reject(new NnmError(message.failed));
          if (trees.push(message.grown) === task.options.nEstimators) resolve(trees);
        });
        worker.on('error', (error) => reject(new ForestThreadError({ reason: `failed: ${error.message}` }, { cause: error })));
        // Its messages come before its end: whoever is last to end has left no tree behind.
        worker.on('exit', () => {
          if (--running === 0) reject(new ForestThreadError({ reason: 'ended before its trees were grown' }));
        });
      }
    });
  } finally {
    if (stop) signal?.removeEventListener('abort', stop);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function startThread(workerData: ForestThreadStart, program?: OwnProgram): Worker {
  try {
    const { file, execArgv } = program ?? locateOwnProgram('thread', new URL('./forest-thread.ts', import.meta.url), 'forest-thread');
    return new Worker(file, { execArgv: [...execArgv], workerData });
  } catch (error) {
    throw new ForestThreadError({ reason: `could not be started: ${(error as Error).message}` }, { cause: error });
  }
}
