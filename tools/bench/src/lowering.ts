import backendTflite from '@nnm/backend-tflite';
import backendTorch from '@nnm/backend-torch';
import { type AnyBackend, type AnyKernel, drawWeights, type Graph, inferShapes, Rng } from '@nnm/core';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import kernelsTensor from '@nnm/kernels-tensor';
import kernelsTransformer from '@nnm/kernels-transformer';
import { defineBench } from './bench.ts';

const REPEATS = 3;
const SEED = 1;

interface Row {
  readonly kernel: string;
  readonly backend: string;
  readonly kernels: number;
  readonly megabytes: number;
  readonly totalMs: number;
  readonly slowestMs: number;
}

/** Fastest of a few runs, in milliseconds. */
async function time(run: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const before = performance.now();
    await run();
    best = Math.min(best, performance.now() - before);
  }
  return best;
}

const drawAll = (graph: Graph) => {
  const shapes = inferShapes(graph);
  return graph.ops.flatMap((op) =>
    Object.values(drawWeights(graph, op, shapes)).map((tensor) => {
      const data = new Float32Array(tensor.length);
      tensor.copyByFilter(data);
      return data;
    }),
  );
};

/** Each kernel is converted three times and the fastest kept, as other load on the machine only adds. */
async function measure(kernel: AnyKernel, backend: AnyBackend | undefined, perKernel: number): Promise<Row> {
  const implement = backend?.implement[0] ?? 'tensorflow';
  const configs = kernel.sampler.priorConfigSampling(perKernel, { rng: new Rng(SEED).fork(kernel.type) });
  const times: number[] = [];
  let bytes = 0;
  for (const config of configs) {
    const build = (): Graph => new kernel.block(config).getModel();
    bytes += drawAll(build()).reduce((sum, { byteLength }) => sum + byteLength, 0);
    times.push(await time(() => (backend === undefined ? drawAll(build()) : backend.convert(build(), implement))));
  }
  const totalMs = times.reduce((sum, ms) => sum + ms, 0);
  return {
    kernel: kernel.type,
    backend: backend?.id ?? 'weights',
    kernels: configs.length,
    megabytes: bytes / 1e6,
    totalMs,
    slowestMs: Math.max(...times),
  };
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

export default defineBench({
  question: 'What does it cost to generate and convert a kernel, in milliseconds and MB/s of weights?',
  options: { 'per-kernel': { default: '20', help: 'configurations of each kernel, drawn from its prior' } },
  async run(args) {
    const perKernel = Number(args['per-kernel']);
    const kernels = [kernelsConv, kernelsMisc, kernelsTensor, kernelsTransformer].flatMap((plugin) => plugin.kernels ?? []);
    const backends = [backendTflite, backendTorch].flatMap((plugin) => plugin.backends ?? []);
    const rows: Row[] = [];
    for (const kernel of kernels) for (const backend of [undefined, ...backends]) rows.push(await measure(kernel, backend, perKernel));

    const figures = [undefined, ...backends].map((backend) => {
      const own = rows.filter((row) => row.backend === (backend?.id ?? 'weights'));
      const sum = (value: (row: Row) => number): number => own.reduce((total, row) => total + value(row), 0);
      const heavy = own.filter(({ megabytes, kernels: count }) => megabytes / count > 0.1);
      return {
        backend: backend?.id ?? 'weights',
        kernels: sum((row) => row.kernels),
        msPerKernel: round(sum((row) => row.totalMs) / sum((row) => row.kernels)),
        slowestMs: round(Math.max(...own.map((row) => row.slowestMs))),
        weightMegabytesPerSecond: Math.round(
          heavy.reduce((total, row) => total + row.megabytes, 0) / (heavy.reduce((total, row) => total + row.totalMs, 0) / 1000),
        ),
      };
    });

    console.log(`Generating and converting ${perKernel} prior samples of each of ${kernels.length} kernels.\n`);
    console.log(`kernel              MB of weights  ${figures.map(({ backend }) => `${backend} ms`.padStart(15)).join('')}`);
    for (const { type } of kernels) {
      const own = rows.filter((row) => row.kernel === type);
      const megabytes = (own[0]!.megabytes / own[0]!.kernels).toFixed(2);
      console.log(
        `${type.padEnd(20) + megabytes.padStart(13)}  ${own.map((row) => (row.totalMs / row.kernels).toFixed(3).padStart(15)).join('')}`,
      );
    }
    console.log(`\n${'mean ms per kernel'.padEnd(35)}${figures.map((f) => f.msPerKernel.toFixed(3).padStart(15)).join('')}`);
    console.log(`${'MB of weights per second'.padEnd(35)}${figures.map((f) => String(f.weightMegabytesPerSecond).padStart(15)).join('')}`);
    return { perKernel, figures };
  },
});
