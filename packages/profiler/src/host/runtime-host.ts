import type { LoadedModel, Runtime, RuntimeFactory, RuntimeInfo, Tensor } from '@nnm/core';
import type { Clock } from '../measure/timing.ts';
import { type Clocks, probeReference, type VisitPlan, type VisitResult, visitModel } from '../measure/visit.ts';
import type { ModelDelivery } from './model-cache.ts';

/** A started runtime that the engine sends its requests to: in a child process or in this one. */
export interface RuntimeHost {
  readonly info: RuntimeInfo;
  /** Load, measure, close. */
  visit(delivery: ModelDelivery, plan: VisitPlan): Promise<HostVisitResult>;
  /** Probe the reference for about `durationMs`; empty without a reference. */
  probe(durationMs: number, plan: Pick<VisitPlan, 'probeWarmRuns' | 'probeTimedRuns'>): Promise<readonly number[]>;
  /** Load, run once on these inputs, close. */
  execute(model: Uint8Array, inputs: readonly Tensor[]): Promise<readonly Tensor[]>;
  close(): Promise<void>;
}

/** A visit and what loading cost; `rssBytes` is the memory of the process that made it. */
export interface HostVisitResult extends VisitResult {
  readonly loadMs: number;
  readonly rssBytes: number;
}

/**
 * Start a runtime in this process. The worker does it in the child; a backend whose runtime is a function runs like this in
 * the calling process, without isolation.
 */
export async function startLocalHost(
  factory: RuntimeFactory<unknown>,
  settings: unknown,
  referenceModel: Uint8Array | undefined,
): Promise<RuntimeHost> {
  const runtime: Runtime = await factory(settings);
  const clock: Clock = runtime.now?.bind(runtime) ?? (() => performance.now());
  // Only on one thread does CPU time stand still while a run waits; Windows counts it in ticks of 16 ms.
  const tellsCpuTime = runtime.now === undefined && runtime.info.threads === 1 && process.platform !== 'win32';
  const clocks: Clocks = { clock, cpuClock: tellsCpuTime ? cpuTimeMs : undefined };
  const reference = referenceModel === undefined ? undefined : await runtime.load(referenceModel);

  const kept = new Map<string, Uint8Array>();

  const using = async <T>(model: Uint8Array, work: (loaded: LoadedModel) => Promise<T>): Promise<T> => {
    const loaded = await runtime.load(model);
    try {
      return await work(loaded);
    } finally {
      await loaded.close();
    }
  };

  return {
    info: runtime.info,
    async visit({ id, model: sent, keep, forget }, plan) {
      for (const id of forget) kept.delete(id);
      const model = sent ?? kept.get(id);
      if (model === undefined) throw new Error(`The model of ${id} was neither sent nor kept.`);
      if (keep) kept.set(id, model);
      const start = performance.now();
      let loadMs = 0;
      const result = await using(model, (loaded) => {
        loadMs = performance.now() - start;
        return visitModel(loaded, reference, clocks, plan);
      });
      return { ...result, loadMs, rssBytes: process.memoryUsage.rss() };
    },
    async probe(durationMs, plan) {
      if (reference === undefined) return [];
      const probes: number[] = [];
      const end = clock() + durationMs;
      do probes.push(await probeReference(reference, clock, plan));
      while (clock() < end);
      return probes;
    },
    execute: (model, inputs) => using(model, async (loaded) => await loaded.execute(inputs)),
    async close() {
      await reference?.close();
      await runtime.close();
    },
  };
}

function cpuTimeMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
