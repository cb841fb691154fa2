import { referenceGraph } from '@nnm/core';
import { benchBackend } from './retest-kernels.ts';

/** A backend's runtime in this process, and a probe of its reference as the engine makes it, in milliseconds. */
export async function openReference(backendId: string) {
  const { backend, settings } = await benchBackend(backendId);
  const { default: start } = await import(String(backend.runtime));
  const runtime = await start(settings);
  const implement = backend.implement[0];
  const reference = await runtime.load(await backend.convert(referenceGraph(), implement));
  const time = (): number => {
    const from = performance.now();
    reference.run();
    return performance.now() - from;
  };
  const probe = (): number => {
    reference.run();
    reference.run();
    return Math.min(time(), time());
  };
  return { backend, implement, runtime, probe };
}
