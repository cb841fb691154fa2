import { type Graph, GraphBuilder, type LoadedModel, quantile } from '@nnm/core';
import { RunTimer } from '../../../packages/profiler/src/measure/timing.ts';
import { DEFAULT_POLICY } from '../../../packages/profiler/src/policy.ts';
import { defineBench, listOf } from './bench.ts';
import { openReference } from './open-runtime.ts';
import { formatCells } from './report.ts';

/** Timings of a slice. */
const TIMINGS = 12;
/** A load is given up when the machine was not quiet for so long. */
const PATIENCE_MS = 400;
const QUIET_SLICES = 4;
/** A probe is quiet up to this share above the lowest. */
const QUIET = 0.03;

type Batches = Readonly<Record<string, number>>;

/** What is timed: a model that only hands its input on, and kernels from 1 element to those of 10 µs. */
function graphs(): readonly (readonly [string, Graph])[] {
  const one = (name: string, build: (g: GraphBuilder) => string): readonly [string, Graph] => {
    const g = new GraphBuilder(name);
    return [name, g.build(build(g))];
  };
  const row = (elements: number) => [1, 1, 1, elements] as const;
  return [
    one('reshape of 1', (g) => g.reshape(g.input([1, 1]), [1, 1, 1])),
    ...[1, 256, 4096, 16_384, 65_536].map((n) => one(`relu of ${n}`, (g) => g.activation(g.input(row(n)), 'relu'))),
    ...[1, 256, 4096, 16_384].map((n) => one(`hswish of ${n}`, (g) => g.activation(g.input(row(n)), 'hswish'))),
    ...[256, 4096, 16_384].map((n) => one(`add of ${n}`, (g) => g.add(g.input(row(n)), g.input(row(n))))),
    ...[256, 4096].map((n) => one(`bn of ${n}`, (g) => g.batchNorm(g.input(row(n))))),
  ];
}

/** Fastest slice between quiet probes, microseconds of a run, for each length of a batch; undefined when the machine was not quiet. */
async function timeLoad(model: LoadedModel, timer: RunTimer, probe: () => Promise<number>, quietMs: number, batchesMs: Batches) {
  await timer.time(model, 1, 20);
  const [runMs = 1e-4] = await timer.time(model, 50, 1);
  const best: Record<string, number> = {};
  for (const [name, batchMs] of Object.entries(batchesMs)) {
    const batch = Math.max(1, Math.ceil(batchMs / runMs));
    const until = performance.now() + PATIENCE_MS;
    const quiet: number[] = [];
    let before = await probe();
    while (quiet.length < QUIET_SLICES && performance.now() < until) {
      const times = await timer.time(model, batch, TIMINGS);
      const after = await probe();
      if (Math.max(before, after) <= quietMs) quiet.push(1000 * quantile(times, 0.5));
      before = after;
    }
    if (quiet.length < QUIET_SLICES) return undefined;
    best[name] = Math.min(...quiet);
  }
  return best;
}

/** Nanoseconds of a reading of the clock. */
function clockNs(): number {
  const from = performance.now();
  for (let i = 0; i < 100_000; i++) performance.now();
  return ((performance.now() - from) * 1e6) / 100_000;
}

export default defineBench({
  question:
    'What are labels of microseconds made of, and do they depend on where data lie? On Linux: taskset -c 1 npm run bench -- microseconds',
  options: {
    backends: { default: 'tflite_cpu,torch_cpu', help: 'backends, separated by commas' },
    loads: { default: '12', help: 'how often each model is loaded, with memory of varying size taken in between' },
  },
  async run(args) {
    const figures: Record<string, unknown>[] = [];
    for (const id of listOf(args.backends)) {
      const { backend, implement, runtime, probe } = await openReference(id);
      const timer = new RunTimer(() => performance.now());
      const probes: number[] = [];
      for (const until = performance.now() + 2000; performance.now() < until; ) probes.push(await probe());
      const quietMs = quantile(probes, 0.01) * (1 + QUIET);
      const rows: { kernel: string; us: number; loads: number; median: number; most: number; longer: number }[] = [];
      for (const [kernel, graph] of graphs()) {
        const bytes = await backend.convert(graph, implement);
        const found: { short: number; long: number }[] = [];
        // Models that stay open move the next one to another place.
        const open: LoadedModel[] = [];
        for (let load = 0; load < Number(args.loads); load++) {
          const model = await runtime.load(bytes);
          open.push(model);
          const best = await timeLoad(model, timer, probe, quietMs, {
            short: DEFAULT_POLICY.minBatchMs,
            long: 10 * DEFAULT_POLICY.minBatchMs,
          });
          if (best !== undefined) found.push(best as { short: number; long: number });
          if (load % 2 === 1) await open.shift()?.close();
        }
        for (const model of open) await model.close();
        const values = found.map(({ short }) => short);
        const us = Math.min(...values);
        const at = (share: number): number => (values.length === 0 ? Number.NaN : quantile(values, share) / us);
        const longer =
          found.length === 0
            ? Number.NaN
            : quantile(
                found.map(({ short, long }) => short / long),
                0.5,
              );
        rows.push({ kernel, us, loads: values.length, median: at(0.5), most: at(1), longer });
        console.error(`${id} ${kernel}`);
      }
      await runtime.close();
      const percent = (ratio: number): string => (Number.isNaN(ratio) ? '–' : `${(100 * (ratio - 1)).toFixed(1)} %`);
      console.log(`\n${id}: reading the clock takes ${clockNs().toFixed(0)} ns`);
      console.log(
        formatCells([
          ['kernel', 'fastest load', 'median load', 'slowest load', 'quiet loads', 'batches of 20 µs instead of 200 µs'],
          ...rows.map(({ kernel, us, loads, median, most, longer }) => [
            kernel,
            Number.isFinite(us) ? `${us.toFixed(3)} µs` : '–',
            percent(median),
            percent(most),
            `${loads} of ${args.loads}`,
            percent(longer),
          ]),
        ]),
      );
      figures.push({ backend: id, clockNs: clockNs(), rows });
    }
    return { figures };
  },
});
