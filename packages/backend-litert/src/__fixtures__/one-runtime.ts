import type { Runtime } from '@nnm/core';
import { litertWasm } from '../index.ts';
import start from '../runtime.ts';

const started = new Map<string, Promise<Runtime>>();

/**
 * A factory that starts LiteRT once for the same settings and never closes it: for hundreds of graphs, each of which would compile nine
 * megabytes of WebAssembly.
 */
export function startOnce(settings: object): Promise<Runtime> {
  const key = JSON.stringify(settings);
  const runtime = started.get(key) ?? Promise.resolve(start(litertWasm.parseSettings(settings)));
  started.set(key, runtime);
  return runtime.then((one) => ({ ...one, close: () => undefined }));
}
