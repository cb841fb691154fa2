/**
 * What a piece of work ends with, or the reason of the signal if that fires first; the work is then left to itself.
 *
 * Works for what cannot be stopped: a promise that never settles.
 */
export function orAborted<T>(work: T | PromiseLike<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    Promise.resolve(work)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stop));
  });
}
