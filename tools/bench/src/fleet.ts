import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Rng } from '@nnm/core';
import { openFleet } from '@nnm/fleet';
import { type ProfileJob, SYSTEM_TIMERS } from '@nnm/profiler';
import { FormulaBackend, formulaJobs, formulaReference } from '../../../packages/fleet/src/__fixtures__/formula-backend.ts';
import { TestProcess } from '../../../packages/fleet/src/__fixtures__/processes.ts';
import { RedisServer, redisMissing, until } from '../../../packages/fleet/src/__fixtures__/redis-server.ts';
import { defineBench } from './bench.ts';
import { formatCells } from './report.ts';

/** Workers on one device, as far as the fleet knows: they share kernels without having been compared. */
async function startWorkers(count: number, url: string, instantly: boolean): Promise<readonly TestProcess[]> {
  const workers = Array.from({ length: count }, () => new TestProcess('worker-process', { url, device: 'bench', instantly }));
  await until(() => workers.every(({ output }) => output.includes('joined')));
  return workers;
}

async function measure(
  url: string,
  jobs: readonly ProfileJob[],
  journalFile: string,
  onRecord: (done: number) => Promise<void>,
): Promise<number> {
  const fleet = await openFleet({ url });
  const startedMs = performance.now();
  try {
    const options = { backend: new FormulaBackend(), settings: {}, referenceModel: formulaReference, rng: new Rng(1), journalFile };
    const run = fleet.measure(jobs, options, SYSTEM_TIMERS);
    let done = 0;
    for (;;) {
      const step = await run.next();
      if (step.done) return (performance.now() - startedMs) / 1000;
      if (step.value.type === 'record') await onRecord(++done);
    }
  } finally {
    fleet.close();
  }
}

/** Kernels that cost a device waiting: the time that `count` workers take for all of them, in seconds. */
async function timeWorkers(count: number, jobs: readonly ProfileJob[], folder: string): Promise<number> {
  await using redis = await RedisServer.start();
  const workers = await startWorkers(count, redis.url, false);
  try {
    return await measure(redis.url, jobs, path.join(folder, `${count}.jsonl`), async () => undefined);
  } finally {
    for (const worker of workers) await worker.kill();
  }
}

/** Bytes that are really used. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}

/** Memory of the build and of the server while many kernels are measured at once, in megabytes. */
async function watchMemory(kernels: number, folder: string) {
  await using redis = await RedisServer.start();
  const workers = await startWorkers(2, redis.url, true);
  const rows: { kernels: number; seconds: number; buildHeapMb: number; serverMb: number; openChunks: number }[] = [];
  const startedMs = performance.now();
  const look = async (done: number): Promise<void> => {
    if (done !== 1 && done % Math.ceil(kernels / 10) !== 0) return;
    const { info, openChunks } = await redis.ask(async (client) => {
      const [chunks] = await client.keys('nnm:fleet:chunks:*');
      return { info: await client.info('memory'), openChunks: chunks === undefined ? 0 : await client.hlen(chunks) };
    });
    rows.push({
      kernels: done,
      seconds: Number(((performance.now() - startedMs) / 1000).toFixed(1)),
      buildHeapMb: Number((heapInUse() / 2 ** 20).toFixed(1)),
      serverMb: Number((Number(/used_memory:(\d+)/.exec(info)?.[1]) / 2 ** 20).toFixed(1)),
      openChunks,
    });
    console.error(JSON.stringify(rows.at(-1)));
  };
  try {
    await measure(redis.url, formulaJobs(kernels), path.join(folder, 'many.jsonl'), look);
    return rows;
  } finally {
    for (const worker of workers) await worker.kill();
  }
}

export default defineBench({
  question: 'Is a fleet as fast as its devices together, and does its memory stay the same however many kernels there are?',
  options: {
    kernels: { default: '480', help: 'kernels that one worker and four measure' },
    wait: { default: '100', help: 'milliseconds of waiting that each visit to a kernel costs' },
    queued: { default: '100000', help: 'kernels that cost nothing, for the memory' },
  },
  async run({ kernels, wait, queued }) {
    if (redisMissing !== undefined) throw new Error(redisMissing);
    const folder = mkdtempSync(path.join(tmpdir(), 'nnm-bench-fleet-'));
    try {
      const jobs = formulaJobs(Number(kernels), () => ({ waitMs: Number(wait) }));
      const seconds: Record<string, number> = {};
      for (const count of [1, 4]) {
        seconds[count] = Number((await timeWorkers(count, jobs, folder)).toFixed(1));
        console.error(`${count} workers: ${seconds[count]} s`);
      }
      const speedup = Number((seconds[1]! / seconds[4]!).toFixed(2));
      const memory = await watchMemory(Number(queued), folder);
      console.log(formatCells([['workers', 'seconds'], ...Object.entries(seconds).map(([count, s]) => [count, String(s)])]));
      console.log(`Four workers are ${speedup} times as fast as one.\n`);
      console.log(
        formatCells([
          ['kernels', 'seconds', 'build MB', 'server MB', 'open chunks'],
          ...memory.map((row) => Object.values(row).map(String)),
        ]),
      );
      return { seconds, speedup, memory };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
});
