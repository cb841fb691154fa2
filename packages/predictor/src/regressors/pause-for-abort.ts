import { throwIfAborted } from '@nnm/core';

/** Steps between two pauses: often enough to stop within a blink, seldom enough to cost nothing. */
const STEPS = 32;

/**
 * Give a long computation the chance to be stopped: let pending events run now and then, and stop when the signal says so.
 *
 * @throws {@link AbortedError} when the signal is aborted
 */
export async function pauseForAbort(signal: AbortSignal | undefined, step: number, what: string): Promise<void> {
  if (signal === undefined) return;
  if (step % STEPS === STEPS - 1) await new Promise((resolve) => setTimeout(resolve));
  throwIfAborted(signal, what);
}
