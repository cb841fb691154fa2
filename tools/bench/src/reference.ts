import { type LoadedModel, quantile } from '@nnm/core';
import { referenceGraph } from '@nnm/profiler';
import { RunTimer } from '../../../packages/profiler/src/measure/timing.ts';
import { warmUp } from '../../../packages/profiler/src/measure/warm-up.ts';
import { defineBench, listOf } from './bench.ts';
import { benchKernels } from './bench-kernels.ts';
import { openRuntime } from './open-runtime.ts';
import { formatCells } from './report.ts';

/** Runs of the reference that are looked at, and of each kernel in between, at most this long. */
const RUNS = 200;
const KERNEL_RUNS = 50;
const KERNEL_MS = 100;

export default defineBench({
  question: 'How steady is the reference of the contention gate while a runtime warms up and other kernels run?',
  options: {
    backends: { default: 'tfjs_wasm', help: 'backends, separated by commas' },
    kernels: { default: '40', help: 'number of kernels that run in between' },
    seed: { default: '1', help: 'seed of the samples' },
  },
  async run(args) {
    const figures: Record<string, unknown>[] = [];
    const timer = new RunTimer(() => performance.now());
    for (const id of listOf(args.backends)) {
      const { backend, implement, runtime } = await openRuntime(id);
      const load = async (long: boolean): Promise<LoadedModel> =>
        runtime.load(await backend.convert(referenceGraph({ startsOperatorsInJavaScript: long }), implement));
      const references = { short: await load(false), long: await load(true) };
      const rows: Record<string, number[]> = {};
      const look = async (when: string): Promise<void> => {
        for (const [name, reference] of Object.entries(references)) {
          const times = [...(await timer.time(reference, 1, RUNS))];
          rows[`${when}, ${name}`] = [0.1, 0.5, 0.9].map((share) => 1000 * quantile(times, share));
        }
      };
      await look('cold');
      for (const reference of Object.values(references)) await warmUp(reference, timer, (await timer.time(reference, 1, 1))[0]!);
      await look('warm');
      const kernels = await benchKernels(Number(args.kernels), Number(args.seed), '');
      for (const [index, { graph }] of kernels.entries()) {
        const model = await runtime.load(await backend.convert(graph, implement));
        const start = performance.now();
        for (let run = 0; run < KERNEL_RUNS && performance.now() - start < KERNEL_MS; run++) await model.run();
        await model.close();
        if ((index + 1) % Math.ceil(kernels.length / 5) === 0) await look(`after ${index + 1} kernels`);
      }
      await runtime.close();
      const cells = Object.entries(rows).map(([when, times]) => [when, ...times.map((us) => us.toFixed(1))]);
      console.log(`\n${id}, one run of the reference, µs\n${formatCells([['when', 'p10', 'median', 'p90'], ...cells])}`);
      figures.push({ backend: id, rows });
    }
    return { figures };
  },
});
