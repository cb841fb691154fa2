/**
 * Whether a second, memory-bound reference would tell what the first one misses: `npm run bench:references`. Run it pinned to
 * one CPU (`taskset -c 1`) on Linux.
 *
 * Kernels with large weights suffer from others' use of the shared cache, which the compute-bound reference does not see. Here
 * slices of such kernels lie between probes of both kinds, the second a walk through some megabytes, and each gate is judged by
 * how far the slices it accepts lie above the fastest ones. Options:
 *   --backend tflite_cpu   --type conv-bn-relu   --kernels 6   --seconds 6 (per kernel)   --megabytes 4,24
 */
import { parseArgs } from 'node:util';
import { quantile } from '../../packages/profiler/src/measure/robust-statistics.ts';
import { openReference } from './open-runtime.ts';
import { benchKernels } from './retest-kernels.ts';
import { formatCells } from './retest-report.ts';

const { values: args } = parseArgs({
  options: {
    backend: { type: 'string', default: 'tflite_cpu' },
    type: { type: 'string', default: 'conv-bn-relu' },
    kernels: { type: 'string', default: '6' },
    seconds: { type: 'string', default: '6' },
    megabytes: { type: 'string', default: '4,24' },
  },
});
const RUNS_A_SLICE = 4;
const { backend, implement, runtime, probe } = await openReference(args.backend);

interface Slice {
  readonly medianMs: number;
  readonly compute: readonly [number, number];
  readonly memory: readonly [number, number];
}

/** A probe that reads every cache line of some memory, once to bring it in and once timed; milliseconds. */
function memoryProbe(megabytes: number): () => number {
  const memory = new Float64Array((megabytes * 2 ** 20) / 8).fill(1);
  const walk = (): number => {
    const from = performance.now();
    let sum = 0;
    for (let i = 0; i < memory.length; i += 8) sum += memory[i]!;
    if (sum !== memory.length / 8) throw new Error('The walk was optimised away.');
    return performance.now() - from;
  };
  return () => {
    walk();
    return walk();
  };
}

async function takeSlices(bytes: Uint8Array, memory: () => number): Promise<readonly Slice[]> {
  const model = await runtime.load(bytes);
  const slices: Slice[] = [];
  const end = performance.now() + 1000 * Number(args.seconds);
  while (performance.now() < end) {
    const before = [memory(), await probe()] as const;
    model.run();
    const runs = Array.from({ length: RUNS_A_SLICE }, () => {
      const from = performance.now();
      model.run();
      return performance.now() - from;
    });
    const after = [await probe(), memory()] as const;
    slices.push({ medianMs: quantile(runs, 0.5), compute: [before[1], after[0]], memory: [before[0], after[1]] });
  }
  await model.close();
  return slices;
}

// Those of the prior's with the most weights.
const models = await Promise.all(
  (await benchKernels(300, 1, args.type)).map(async ({ id, graph }) => ({ id, bytes: await backend.convert(graph, implement) })),
);
models.sort((a, b) => b.bytes.length - a.bytes.length);

const percent = (share: number): string => (Number.isNaN(share) ? '-' : `${(100 * share).toFixed(1)} %`);
const figures: Record<string, unknown>[] = [];
for (const megabytes of args.megabytes.split(',').map(Number)) {
  const memory = memoryProbe(megabytes);
  const lines: string[][] = [];
  for (const { id, bytes } of models.slice(0, Number(args.kernels))) {
    const slices = await takeSlices(bytes, memory);
    const level = (of: (slice: Slice) => readonly number[]): number => quantile(slices.flatMap(of), 0.05);
    const levels = { compute: level((slice) => slice.compute), memory: level((slice) => slice.memory) };
    const isQuiet = (slice: Slice, kind: 'compute' | 'memory', tolerance: number): boolean =>
      slice[kind].every((ms) => ms <= levels[kind] * (1 + tolerance));
    const gates: Record<string, (slice: Slice) => boolean> = {
      none: () => true,
      compute: (slice) => isQuiet(slice, 'compute', 0.03),
      memory: (slice) => isQuiet(slice, 'memory', 0.05),
      both: (slice) => isQuiet(slice, 'compute', 0.03) && isQuiet(slice, 'memory', 0.05),
    };
    const fastestMs = quantile(
      slices.map(({ medianMs }) => medianMs),
      0.01,
    );
    for (const [gate, accepts] of Object.entries(gates)) {
      const excess = slices.filter(accepts).map(({ medianMs }) => medianMs / fastestMs - 1);
      const figure = {
        megabytes,
        kernel: id,
        gate,
        accepted: excess.length / slices.length,
        p50: quantile(excess, 0.5),
        p90: quantile(excess, 0.9),
      };
      figures.push(figure);
      lines.push([
        id,
        `${(bytes.length / 1e6).toFixed(1)} MB`,
        `${fastestMs.toFixed(3)} ms`,
        gate,
        ...[figure.accepted, figure.p50, figure.p90].map(percent),
      ]);
    }
  }
  console.log(`\nMemory-bound reference of ${megabytes} MB: how far accepted slices lie above the fastest ones`);
  console.log(formatCells([['kernel', 'model', 'fastest', 'gate', 'accepted', 'median', '90th percentile'], ...lines]));
}
console.log(JSON.stringify({ bench: 'references', figures }));
