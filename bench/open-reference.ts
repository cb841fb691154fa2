import { type LoadedModel, type Runtime, referenceGraph } from '@nnm/core';
import { DEFAULT_POLICY } from '../packages/core/src/profiler/policy.ts';
import { probeReference } from '../packages/core/src/profiler/visit.ts';
import { benchBackend } from './retest-kernels.ts';

/** A backend's runtime in this process, and the engine's own probe of its reference, in milliseconds. */
export async function openReference(backendId: string) {
  const { backend, settings } = await benchBackend(backendId);
  const { default: start } = await import(String(backend.runtime));
  const runtime: Runtime = await start(settings);
  const implement = backend.implement[0];
  const reference: LoadedModel = await runtime.load(await backend.convert(referenceGraph(), implement));
  const probe = (): Promise<number> => probeReference(reference, () => performance.now(), DEFAULT_POLICY);
  return { backend, implement, runtime, probe };
}
