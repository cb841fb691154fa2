import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { AnyBackend } from '@nnm/core';
import { referenceGraph } from '@nnm/profiler';
import type { BaselineReply, BaselineRequest } from './baseline-process.ts';

function start(file: string, backend: AnyBackend): ChildProcess {
  return fork(fileURLToPath(new URL(file, import.meta.url)), [], {
    execArgv: ['--import', 'tsx', '--conditions=@nnm/source'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { ...process.env, BENCH_RUNTIME: String(backend.runtime) },
  });
}

/** A process that times models the usual way. */
export function startBaseline(backend: AnyBackend, settings: unknown) {
  const child = start('./baseline-process.ts', backend);
  return {
    async measure(model: Uint8Array, long: boolean): Promise<BaselineReply> {
      child.send({ settings, model, long } satisfies BaselineRequest);
      const [reply] = (await once(child, 'message')) as [BaselineReply];
      return reply;
    },
    stop: () => child.kill(),
  };
}

/** How many neighbours to start, one per CPU by default, whether they rest now and then, and what they take from others. */
export interface Neighbours {
  readonly count?: number;
  readonly rests?: boolean;
  readonly kind?: 'compute' | 'memory';
}

/** Neighbours that are loud at the same time. @returns ends them */
export async function startNeighbours(
  backend: AnyBackend,
  settings: unknown,
  seed: number,
  { count = availableParallelism(), rests = true, kind = 'compute' }: Neighbours = {},
): Promise<() => void> {
  const model = await backend.convert(referenceGraph(backend), backend.implement[0]);
  const children = Array.from({ length: count }, () => start('./neighbour-process.ts', backend));
  for (const child of children) child.send({ settings, model, seed, rests, kind });
  return () => {
    for (const child of children) child.kill();
  };
}
