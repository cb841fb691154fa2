import { type Graph, graphHash, type Json, type LoadedModel, median } from '@nnm/core';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import kernelsTensor from '@nnm/kernels-tensor';
import kernelsTransformer from '@nnm/kernels-transformer';
import { bundleRules, detectKernels, liftKernelGraph, Recogniser } from '@nnm/model';
import { network } from '@nnm/zoo';
import { defineBench, listOf } from './bench.ts';
import { openRuntime } from './open-runtime.ts';
import { formatCells } from './report.ts';

const RUNS = 5;

/** Median of a few runs after one that warms caches, in milliseconds. */
async function time(model: LoadedModel): Promise<number> {
  await model.run();
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const before = performance.now();
    await model.run();
    times.push(performance.now() - before);
  }
  return median(times);
}

interface Timed {
  readonly count: number;
  readonly whole: LoadedModel;
  readonly part: LoadedModel;
}

export default defineBench({
  question: 'How near is the sum of the parts of a network, each measured alone, to the network?',
  options: {
    backend: { default: 'torch_cpu', help: 'torch_cpu or tflite_cpu' },
    networks: {
      default: 'resnet-18,mobilenet-v2,mobilenet-v3-small,googlenet,efficientnet-b0,bert-mini',
      help: 'names of the zoo',
    },
    rounds: { default: '15', help: 'network and parts are run in turn so often' },
  },
  async run(args) {
    const { backend, implement, runtime } = await openRuntime(args.backend);
    const rules = bundleRules({ backend: args.backend, environment: { runtime: runtime.info } as unknown as Json });
    const recogniser = new Recogniser([kernelsConv, kernelsMisc, kernelsTensor, kernelsTransformer].flatMap(({ kernels = [] }) => kernels));
    const rows: {
      readonly network: string;
      readonly ms: number;
      readonly parts: number;
      readonly asModels: number;
      readonly asParts: number;
    }[] = [];
    for (const name of listOf(args.networks)) {
      const graph = network(name);
      const found = detectKernels(liftKernelGraph(graph, { implement }), rules, recogniser);
      const load = async (of: Graph, use: 'whole' | 'part') => runtime.load(await backend.convert(of, implement, use));
      const unique = new Map<string, { readonly graph: Graph; count: number }>();
      for (const { graph: part } of found) {
        const key = graphHash(part as Graph, { implement, batchSize: 1 });
        const known = unique.get(key) ?? { graph: part as Graph, count: 0 };
        unique.set(key, known);
        known.count++;
      }
      const timed: Timed[] = [];
      for (const { graph: part, count } of unique.values()) {
        timed.push({ count, whole: await load(part, 'whole'), part: await load(part, 'part') });
      }
      const whole = await load(graph, 'whole');
      const rounds: { readonly ms: number; readonly asModels: number; readonly asParts: number }[] = [];
      for (let round = 0; round < Number(args.rounds); round++) {
        const ms = await time(whole);
        let [asModels, asParts] = [0, 0];
        for (const { count, ...models } of timed) {
          asModels += count * (await time(models.whole));
          asParts += count * (await time(models.part));
        }
        rounds.push({ ms, asModels: asModels / ms, asParts: asParts / ms });
      }
      for (const { whole: one, part } of timed) for (const model of [one, part]) await model.close();
      await whole.close();
      const of = (key: 'ms' | 'asModels' | 'asParts'): number => median(rounds.map((round) => round[key]));
      rows.push({ network: name, ms: of('ms'), parts: found.length, asModels: of('asModels'), asParts: of('asParts') });
      console.error(`${name}: ${of('asModels').toFixed(3)} as models of their own, ${of('asParts').toFixed(3)} as parts`);
    }
    console.log(
      formatCells([
        ['network', 'ms', 'parts', 'sum as models', 'sum as parts'],
        ...rows.map((row) => [row.network, row.ms.toFixed(2), String(row.parts), row.asModels.toFixed(3), row.asParts.toFixed(3)]),
      ]),
    );
    await runtime.close();
    return { backend: args.backend, rows };
  },
});
