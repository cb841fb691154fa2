import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type AnyBackend, type Graph, GraphBuilder, Rng } from '@nnm/core';
import { referenceGraph } from '@nnm/profiler';
import { pinProcess, readCpuTimes } from '../../../../packages/profiler/src/host/cpu-pinning.ts';
import type { BenchKernel } from '../bench-kernels.ts';
import type { PhasesFile } from './phases-file.ts';
import type { LoudVisit, RecorderStart, VisitReply, VisitRequest } from './visit-record.ts';

/** What is recorded of a phase. */
export interface PhaseOptions {
  readonly phase: string;
  readonly backend: AnyBackend;
  readonly settings: unknown;
  readonly kernels: readonly BenchKernel[];
  readonly visits: number;
  readonly slices: number;
  readonly seconds: number;
}

/** The reference of the engine until it was found to notice too little. */
function convolution(): Graph {
  const g = new GraphBuilder('convolution');
  return g.build(g.conv2d(g.input([1, 10, 10, 48]), 48, { kernelSize: 3, useBias: true }));
}

/** A rectifier of so many elements: bound by the cache that holds it. */
function rectifier(name: string, channels: number, size: number): Graph {
  const g = new GraphBuilder(name);
  return g.build(g.activation(g.input([1, size, size, channels]), 'relu'));
}

/** Record what a phase lacks of its visits, in shuffled passes over all kernels. @returns how many are still missing */
export async function recordPhase(options: PhaseOptions, file: PhasesFile): Promise<number> {
  const { phase, backend, settings, kernels, visits, slices, seconds } = options;
  const done = new Set(file.visits.filter((visit) => visit.phase === phase).map(({ id, visit }) => `${id} ${visit}`));
  const rng = new Rng(kernels.length).fork(phase);
  const wanted = Array.from({ length: visits }, (_, visit) => rng.shuffle(kernels).map((kernel) => ({ kernel, visit })))
    .flat()
    .filter(({ kernel, visit }) => !done.has(`${kernel.id} ${visit}`));
  if (wanted.length === 0) return 0;
  const convert = (graph: Graph) => backend.convert(graph, backend.implement[0]);
  const before = readCpuTimes();
  const child = fork(fileURLToPath(new URL('./recording-process.ts', import.meta.url)), [], {
    execArgv: ['--import', 'tsx', '--conditions=@nnm/source'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, BENCH_RUNTIME: String(backend.runtime) },
  });
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`The recording process ended (${code}).`)));
  // When it ends after its last answer, nobody asks any more.
  ended.catch(() => undefined);
  const ask = async <T>(message: RecorderStart | VisitRequest): Promise<T> => {
    const answered = new Promise<T>((resolve) => child.once('message', (reply) => resolve(reply as T)));
    child.send(message);
    return await Promise.race([answered, ended]);
  };
  const references = {
    convolution: await convert(convolution()),
    engine: await convert(referenceGraph(backend)),
    memory: await convert(rectifier('memory', 24, 128)),
    light: await convert(rectifier('light', 16, 8)),
  };
  await ask({ settings, references });
  await pinProcess(child.pid!, 1, before);
  const models = new Map<string, Uint8Array>();
  const endMs = performance.now() + 1000 * seconds;
  let left = wanted.length;
  for (const { kernel, visit } of wanted) {
    if (performance.now() > endMs) break;
    const model = models.get(kernel.id) ?? (await convert(kernel.graph));
    if (model.byteLength < 2 ** 20) models.set(kernel.id, model);
    const reply = await ask<VisitReply>({ model, slices, plain: visit === 0 });
    file.add({ phase, id: kernel.id, visit, atMs: Date.now(), ...reply } satisfies LoudVisit);
    left--;
  }
  child.kill();
  return left;
}
