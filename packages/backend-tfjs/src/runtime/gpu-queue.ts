import type { Tfjs, TfjsTensor } from './tfjs.ts';

/** Runs on a GPU until the result is there, and knows how long the GPU took. */
export interface GpuQueue {
  /** Run once and wait; the time it took is added to {@link now}. */
  timed(forward: () => readonly TfjsTensor[]): Promise<void>;
  /** Sum of all times so far, milliseconds; absent where the caller's own clock counts. */
  readonly now?: () => number;
}

/** Waits until what makes the outputs is done: all of it lies in one queue, so one element of the last output is enough. */
async function drain(tf: Tfjs, outputs: readonly TfjsTensor[]): Promise<void> {
  const last = outputs.at(-1);
  if (last !== undefined) {
    const element = tf.tidy(() => tf.slice(tf.reshape(last, [-1]), 0, 1));
    await element.data();
    element.dispose();
  }
  for (const output of outputs) output.dispose();
}

/** The time from the call until the result is there, by the caller's clock. */
export const wallQueue = (tf: Tfjs): GpuQueue => ({ timed: (forward) => drain(tf, forward()) });

/**
 * The time on the GPU by its own timestamps; undefined where it has none.
 *
 * A timestamp is of the operators alone: reading back is not in it, nor what the CPU does before.
 */
export async function timestampQueue(tf: Tfjs): Promise<GpuQueue | undefined> {
  let sum = 0;
  const measure = async (forward: () => readonly TfjsTensor[]): Promise<unknown> => {
    let outputs: readonly TfjsTensor[] = [];
    const { kernelMs } = await tf.time(() => {
      outputs = forward();
    });
    await drain(tf, outputs);
    return kernelMs;
  };
  const probe = await measure(() => [tf.tidy(() => tf.add(tf.tensor([1, 2, 3]), 1))]);
  if (typeof probe !== 'number' || !(probe > 0)) return undefined;
  return {
    async timed(forward) {
      const kernelMs = await measure(forward);
      if (typeof kernelMs !== 'number') throw new Error('the GPU gave no timestamp');
      sum += kernelMs;
    },
    now: () => sum,
  };
}
