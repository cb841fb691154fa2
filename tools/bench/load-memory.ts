/**
 * What loading and closing models costs and how much memory it leaves: `npm run bench:load-memory`. Linux with glibc.
 *
 * Every process loads and closes one convolution many times, with the C library's memory managed in one of four ways: as
 * `createMemoryRelease` does it, the same without ever giving memory back, with fixed thresholds where glibc's own
 * adjustment would arrive, and with every large block mapped by itself. Options:
 *   --backends tflite_cpu,torch_cpu   --processes 4 (of each kind)   --loads 1000
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { GraphBuilder } from '@nnm/core';
import koffi from 'koffi';
import { openRuntime } from './open-runtime.ts';

const MB = 2 ** 20;
const [TRIM_THRESHOLD, MMAP_THRESHOLD] = [-1, -3];
/** Thresholds in bytes, set after those of `createMemoryRelease`; none: its own. */
const WAYS: Record<string, { readonly giveBack: boolean; readonly trim?: number; readonly mmap?: number }> = {
  'as it is': { giveBack: true },
  'never given back': { giveBack: false },
  'as glibc adjusts': { giveBack: false, trim: 16 * MB, mmap: 8 * MB },
  'large blocks mapped': { giveBack: false, trim: 64 * MB, mmap: MB / 8 },
};

const { values: args } = parseArgs({
  options: {
    backends: { type: 'string', default: 'tflite_cpu,torch_cpu' },
    processes: { type: 'string', default: '4' },
    loads: { type: 'string', default: '1000' },
    way: { type: 'string' },
  },
});

interface Figure {
  readonly msPerLoad: number;
  readonly mostMb: number;
}

async function loadAgainAndAgain(id: string, way: string, loads: number): Promise<Figure> {
  const { giveBack, trim, mmap } = WAYS[way]!;
  const { backend, implement, runtime } = await openRuntime(id);
  const mallopt = koffi.load(null).func('mallopt', 'int', ['int', 'int']);
  if (trim !== undefined) mallopt(TRIM_THRESHOLD, trim);
  if (mmap !== undefined) mallopt(MMAP_THRESHOLD, mmap);
  const residentBytes = process.memoryUsage.rss;
  if (!giveBack) process.memoryUsage.rss = () => 0;

  const g = new GraphBuilder('conv');
  const graph = g.build(g.conv2d(g.input([1, 28, 28, 256]), 448, { kernelSize: 3 }));
  const bytes = await backend.convert(graph, implement);
  let mostMb = 0;
  const from = performance.now();
  for (let i = 0; i < loads; i++) {
    await (await runtime.load(bytes)).close();
    if (i % 50 === 49) mostMb = Math.max(mostMb, residentBytes() / MB);
  }
  const msPerLoad = (performance.now() - from) / loads;
  await runtime.close();
  return { msPerLoad: Number(msPerLoad.toFixed(2)), mostMb: Math.round(mostMb) };
}

if (args.way !== undefined) {
  process.stdout.write(JSON.stringify(await loadAgainAndAgain(args.backends, args.way, Number(args.loads))));
} else {
  const figures: Record<string, unknown>[] = [];
  for (const backend of args.backends.split(',')) {
    console.log(`\n${backend}: ms to load and close 4 MB of weights, and most resident memory, of ${args.processes} processes each`);
    for (const way of Object.keys(WAYS)) {
      const program = [...process.execArgv, fileURLToPath(import.meta.url), '--backends', backend, '--loads', args.loads, '--way', way];
      const processes = Array.from({ length: Number(args.processes) }, () => {
        const output = execFileSync(process.execPath, program, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
        return JSON.parse(output) as Figure;
      });
      console.log(
        `  ${way.padEnd(20)} ${processes.map(({ msPerLoad, mostMb }) => `${msPerLoad.toFixed(1)} ms, ${mostMb} MB`).join('   ')}`,
      );
      figures.push({ backend, way, processes });
    }
  }
  console.log(JSON.stringify({ bench: 'load-memory', figures }));
}
