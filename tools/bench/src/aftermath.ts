import { GraphBuilder, type LoadedModel, median } from '@nnm/core';
import { referenceGraph } from '@nnm/profiler';
import { defineBench, listOf } from './bench.ts';
import { openRuntime } from './open-runtime.ts';
import { formatCells } from './report.ts';

/** Moments behind a kernel, milliseconds; the reference between one and the next is put together. */
const MOMENTS = [0, 0.1, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 12, 20];
/** The first runs behind a kernel find the reference's own data out of the caches, and a probe does not time them. */
const COLD_RUNS = 2;

/** A kernel of each way to load a core. */
const KERNELS: Readonly<Record<string, ((g: GraphBuilder) => string) | undefined>> = {
  'nothing else': undefined,
  'rectifier of 0.8 MB': (g) => g.activation(g.input([1, 56, 56, 64]), 'relu'),
  'depthwise 3x3': (g) => g.depthwiseConv2d(g.input([1, 56, 56, 64]), { kernelSize: 3 }),
  'convolution 3x3': (g) => g.conv2d(g.input([1, 28, 28, 128]), 128, { kernelSize: 3 }),
};

export default defineBench({
  question: 'How long does a kernel leave the clock of its core slower behind it?',
  options: {
    backends: { default: 'tflite_cpu,torch_cpu', help: 'backends, separated by commas' },
    'busy-ms': { default: '3', help: 'how long a kernel runs before the reference does' },
    rounds: { default: '40', help: 'how often' },
  },
  async run(options) {
    const rows: { backend: string; kernel: string; referenceUs: number[] }[] = [];
    for (const id of listOf(options.backends)) {
      const { backend, implement, runtime } = await openRuntime(id);
      const reference = await runtime.load(await backend.convert(referenceGraph(backend), implement));
      for (let warm = performance.now() + 200; performance.now() < warm; ) await reference.run();
      for (const [kernel, write] of Object.entries(KERNELS)) {
        const g = new GraphBuilder('kernel');
        const model = write && (await runtime.load(await backend.convert(g.build(write(g)), implement)));
        const times = await timesBehind(model, reference, Number(options['busy-ms']), Number(options.rounds));
        rows.push({ backend: id, kernel, referenceUs: times.map((values) => 1000 * median(values)) });
        await model?.close();
      }
      await reference.close();
      await runtime.close();
    }
    console.log(
      formatCells([
        ['reference, microseconds', 'behind', ...MOMENTS.map((ms) => `${ms} ms`)],
        ...rows.map(({ backend, kernel, referenceUs }) => [backend, kernel, ...referenceUs.map((us) => us.toFixed(1))]),
      ]),
    );
    return { moments: MOMENTS, rows };
  },
});

/** Times of the reference by the moment behind a kernel, milliseconds. */
async function timesBehind(kernel: LoadedModel | undefined, reference: LoadedModel, busyMs: number, rounds: number) {
  const times = MOMENTS.map((): number[] => []);
  const last = 1.5 * (MOMENTS.at(-1) as number);
  for (let round = 0; round < rounds; round++) {
    for (const until = performance.now() + busyMs; kernel !== undefined && performance.now() < until; ) await kernel.run();
    const start = performance.now();
    for (let run = 0, before = start; before - start < last; run++) {
      await reference.run();
      const after = performance.now();
      if (run >= COLD_RUNS) times[MOMENTS.findLastIndex((ms) => ms <= before - start)]?.push(after - before);
      before = after;
    }
  }
  return times;
}
