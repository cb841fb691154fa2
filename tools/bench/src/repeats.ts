import { type Graph, GraphBuilder, type LoadedModel, Rng } from '@nnm/core';
import { RunTimer } from '../../../packages/profiler/src/measure/timing.ts';
import { defineBench, listOf } from './bench.ts';
import { openRuntime } from './open-runtime.ts';
import { formatCells } from './report.ts';

/** The input of every graph here, for the setting `INPUTS`. */
const INPUT = 'input0';
/** A model is run for so long, at least so often. */
const RUN_MS = 300;
const LEAST_RUNS = 8;

const one = (name: string, shape: readonly number[], write: (g: GraphBuilder, x: string) => string): readonly [string, Graph] => {
  const g = new GraphBuilder(name);
  return [`${name} [${shape.join(', ')}]`, g.build(write(g, g.input(shape)))];
};

/** What compares or branches, and what does not. */
const GRAPHS = [
  one('prelu', [1, 128, 128, 56], (g, x) => g.prelu(x)),
  one('prelu', [1, 16_384, 56], (g, x) => g.prelu(x)),
  one('prelu', [1, 5600, 106], (g, x) => g.prelu(x)),
  one('leaky relu', [1, 128, 128, 56], (g, x) => g.leakyRelu(x)),
  one('relu', [1, 128, 128, 56], (g, x) => g.activation(x, 'relu')),
  one('max pool', [1, 128, 128, 56], (g, x) => g.maxPool(x, { kernelSize: 2, strides: 2 })),
  one('maximum of rows', [1, 16_384, 56], (g, x) => g.reduceMax(x, { axes: [1] })),
  one('arg max', [1, 16_384, 56], (g, x) => g.argMax(x, { axis: -1 })),
  one('erf', [1, 16_384, 56], (g, x) => g.erf(x)),
];

async function bestRunMs(model: LoadedModel): Promise<number> {
  const timer = new RunTimer(() => performance.now());
  await timer.time(model, 1, 2);
  let best = Number.POSITIVE_INFINITY;
  for (const until = performance.now() + RUN_MS; performance.now() < until; )
    best = Math.min(best, ...(await timer.time(model, 1, LEAST_RUNS)));
  return best;
}

export default defineBench({
  question: 'What do latencies owe to inputs that repeat?',
  options: {
    backends: { default: 'tflite_cpu,torch_cpu', help: 'backends, separated by commas' },
    periods: { default: '10,12,14,15,16,17,18', help: 'inputs repeat after these powers of two, separated by commas' },
  },
  async run(args) {
    const periods = listOf(args.periods).map(Number);
    const rows: { backend: string; kernel: string; latencyMs: number[] }[] = [];
    for (const id of listOf(args.backends)) {
      for (const [kernel] of GRAPHS) rows.push({ backend: id, kernel, latencyMs: [] });
      for (const period of periods) {
        const rng = new Rng(period);
        const values = Array.from({ length: 2 ** period }, () => 2 * rng.float() - 1);
        const { backend, implement, runtime } = await openRuntime(id, { INPUTS: { [INPUT]: values } });
        for (const [kernel, graph] of GRAPHS) {
          const model = await runtime.load(await backend.convert(graph, implement));
          rows.find((row) => row.backend === id && row.kernel === kernel)?.latencyMs.push(await bestRunMs(model));
          await model.close();
        }
        await runtime.close();
        console.error(`${id}: inputs of ${2 ** period} numbers`);
      }
    }
    console.log(
      formatCells([
        ['milliseconds, best', '', ...periods.map((period) => `2^${period}`)],
        ...rows.map(({ backend, kernel, latencyMs }) => [backend, kernel, ...latencyMs.map((value) => value.toFixed(3))]),
      ]),
    );
    return { periods, rows };
  },
});
