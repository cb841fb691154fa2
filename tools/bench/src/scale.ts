import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Rng, runToEnd } from '@nnm/core';
import { profileKernels } from '@nnm/profiler';
import { virtualBackend, virtualModel } from '../../../packages/profiler/src/__fixtures__/virtual-backend.ts';
import { defineBench, listOf } from './bench.ts';
import { formatCells } from './report.ts';

/** A kernel of the virtual machine takes 0.1 to 1.1 ms and now and then longer, as others use the machine. */
function virtualMachine(seed: number) {
  const rng = new Rng(seed);
  return virtualBackend((model) => (model === 'reference' ? 0.05 : Number(model)) * (rng.float() < 0.02 ? 1.5 : 1));
}

/** Bytes that are really used. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}

/** Profile kernels that take no real time: what is left is the engine's own work. */
async function profileVirtually(count: number, folder: string) {
  const jobs = Array.from({ length: count }, (_, index) => ({
    id: `k${index}`,
    hash: 'g1-0',
    model: () => virtualModel(String(0.1 + (index % 1000) / 1000)),
  }));
  const journalFile = path.join(folder, `${count}.jsonl`);
  const heapBefore = heapInUse();
  let mostHeap = 0;
  let visits = 0;
  const cpuFrom = process.cpuUsage();
  const run = profileKernels(jobs, {
    backend: virtualMachine(count),
    settings: {},
    referenceModel: () => virtualModel('reference'),
    rng: new Rng(1),
    levelsFile: false,
    journalFile,
  });
  const summary = await runToEnd(run, (event) => {
    // Collecting garbage takes time too: four times are enough.
    if (event.type === 'visit' && ++visits % Math.ceil(count / 2) === 0) mostHeap = Math.max(mostHeap, heapInUse());
  });
  const { user, system } = process.cpuUsage(cpuFrom);
  return {
    kernels: count,
    visits: summary.counts.visits,
    cpuSeconds: Number(((user + system) / 1e6).toFixed(2)),
    microsecondsPerVisit: Math.round((user + system) / summary.counts.visits),
    heapMb: Number(((mostHeap - heapBefore) / 2 ** 20).toFixed(1)),
    journalMb: Number((statSync(journalFile).size / 2 ** 20).toFixed(1)),
  };
}

export default defineBench({
  question: 'Does the work of profiling grow in proportion to the number of kernels?',
  options: {
    kernels: { default: '1000,2000,4000,8000,16000', help: 'numbers of kernels, separated by commas' },
  },
  async run(args) {
    const folder = mkdtempSync(path.join(tmpdir(), 'nnm-scale-'));
    try {
      const rows: Awaited<ReturnType<typeof profileVirtually>>[] = [];
      // The first run compiles everything; it does not count.
      await profileVirtually(200, folder);
      for (const count of listOf(args.kernels).map(Number)) {
        const row = await profileVirtually(count, folder);
        rows.push(row);
        console.error(JSON.stringify(row));
      }
      console.log(
        formatCells([
          ['kernels', 'visits', 'CPU s', 'µs a visit', 'heap MB', 'journal MB'],
          ...rows.map((row) => Object.values(row).map(String)),
        ]),
      );
      const [first, last] = [rows[0]!, rows.at(-1)!];
      const slope = Math.log(last.cpuSeconds / first.cpuSeconds) / Math.log(last.kernels / first.kernels);
      console.log(`CPU time grows with the number of kernels to the power of ${slope.toFixed(2)}.`);
      return { rows, slope: Number(slope.toFixed(3)) };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
});
