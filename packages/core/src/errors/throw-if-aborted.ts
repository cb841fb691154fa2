import { AbortedError } from './errors.ts';

/**
 * Stop here when the signal says so.
 *
 * @param what - what is stopped, as the start of a sentence: "Building conv-bn-relu"
 * @param cause - what it led to, where that is not the signal's own reason
 * @throws {@link AbortedError} when the signal is aborted
 */
export function throwIfAborted(signal: AbortSignal | undefined, what: string, cause?: unknown): void {
  if (signal?.aborted) throw new AbortedError({ what }, { cause: cause ?? signal.reason });
}
