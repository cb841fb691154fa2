/**
 * Entry of a thread that grows trees of a forest: it takes the number of the next tree that nobody has taken, until there is none.
 *
 * Only {@link growInThreads} starts this module. It does its work at import, as a program does.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { NnmError, type NnmErrorInit } from '../errors/index.ts';
import { ForestGrower } from '../regression/forest-grower.ts';
import type { ForestThreadMessage, ForestThreadStart } from './forest-thread-protocol.ts';

const { task, next } = workerData as ForestThreadStart;
const send = (message: ForestThreadMessage, moved: ArrayBuffer[]): void => parentPort?.postMessage(message, moved);

try {
  const grower = new ForestGrower(task);
  for (let tree = Atomics.add(next, 0, 1); tree < task.options.nEstimators; tree = Atomics.add(next, 0, 1)) {
    const grown = grower.grow(tree);
    send({ grown }, [grown.words.buffer, grown.unseenRows.buffer, grown.unseenValues.buffer]);
  }
} catch (error) {
  // Class and code of an error would be lost on the way to the other thread; what nobody foresaw ends this one.
  if (!NnmError.isInstance(error)) throw error;
  send({ failed: { ...error.toJSON(), code: error.code as NnmErrorInit['code'] } }, []);
}
