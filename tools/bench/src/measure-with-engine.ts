import { type AnyBackend, graphHash, Rng, runToEnd } from '@nnm/core';
import { type ProfileEvent, type ProfilePolicy, type ProfileSummary, profileKernels, referenceGraph } from '@nnm/profiler';
import { listOf } from './bench.ts';
import type { BenchKernel } from './bench-kernels.ts';

/** `sliceMs=0.5,warmupMs=0.2`: what the option `--policy` changes. */
export function parsePolicy(text: string): Partial<ProfilePolicy> {
  return Object.fromEntries(
    listOf(text).map((pair) => {
      const [name = '', value] = pair.split('=');
      return [name, Number(value)];
    }),
  );
}

/** How to measure the kernels of a benchmark with the engine. */
export interface EngineOptions {
  readonly backend: AnyBackend;
  readonly settings: unknown;
  readonly seed: number;
  readonly policy: Partial<ProfilePolicy>;
  readonly levelsFile: string | undefined;
}

/** Measure kernels with the engine, as a build does; `wallMs` includes the start of its process. */
export async function measureWithEngine(
  kernels: readonly BenchKernel[],
  { backend, settings, seed, policy, levelsFile }: EngineOptions,
  onEvent: (event: ProfileEvent) => void,
): Promise<{ readonly summary: ProfileSummary; readonly wallMs: number }> {
  const convert = (graph: BenchKernel['graph']) => backend.convert(graph, backend.implement[0]);
  const jobs = kernels.map(({ id, graph }) => ({
    id,
    hash: graphHash(graph, { implement: backend.implement[0], batchSize: 1 }),
    model: () => convert(graph),
  }));
  const from = performance.now();
  const run = profileKernels(jobs, {
    backend,
    settings,
    referenceModel: () => convert(referenceGraph(backend)),
    rng: new Rng(seed),
    policy,
    levelsFile,
  });
  const summary = await runToEnd(run, onEvent);
  return { summary, wallMs: performance.now() - from };
}
