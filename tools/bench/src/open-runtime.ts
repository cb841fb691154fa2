import type { LoadedModel, Runtime } from '@nnm/core';
import { referenceGraph } from '@nnm/profiler';
import { RunTimer } from '../../../packages/profiler/src/measure/timing.ts';
import { probeReference } from '../../../packages/profiler/src/measure/visit.ts';
import { DEFAULT_POLICY } from '../../../packages/profiler/src/policy.ts';
import { benchBackend } from './bench-kernels.ts';

/** A backend's runtime in this process. */
export async function openRuntime(backendId: string, given: object = {}) {
  const { backend } = await benchBackend(backendId);
  const settings = backend.parseSettings(given);
  const { default: start } = await import(String(backend.runtime));
  const runtime: Runtime = await start(settings);
  return { backend, implement: backend.implement[0], runtime };
}

/** A backend's runtime in this process, and the engine's own probe of its reference, in milliseconds. */
export async function openReference(backendId: string) {
  const opened = await openRuntime(backendId);
  const { backend, implement, runtime } = opened;
  const reference: LoadedModel = await runtime.load(await backend.convert(referenceGraph(backend), implement));
  const timer = new RunTimer(() => performance.now());
  const probe = (): Promise<number> => probeReference(reference, timer, DEFAULT_POLICY);
  return { ...opened, probe };
}
