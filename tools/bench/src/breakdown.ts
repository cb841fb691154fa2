import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createRegistry, type Graph, type Json } from '@nnm/core';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import kernelsTensor from '@nnm/kernels-tensor';
import kernelsTransformer from '@nnm/kernels-transformer';
import { liftKernelGraph, modelPredictor, parseBundle } from '@nnm/model';
import { network } from '@nnm/zoo';
import { defineBench, listOf } from './bench.ts';
import { type InPlace, profiledInPlace, timedInPlace } from './in-place.ts';
import { openRuntime } from './open-runtime.ts';
import { formatCells } from './report.ts';

/** A kernel of a network as nnm prices it and as it was timed in place. */
interface Beside {
  readonly kernel: string;
  readonly times: number;
  readonly nnmMs: number;
  readonly inPlaceMs: number;
}

export default defineBench({
  question:
    "Does a breakdown agree with what kernels take in place? By ONNX Runtime's own profile; on TensorFlow Lite by cutting networks short.",
  options: {
    backend: { default: 'torch_cpu', help: 'torch_cpu or tflite_cpu' },
    networks: { default: 'mobilenet-v3-large,efficientnet-b0,resnet-50,bert-mini', help: 'names of the zoo' },
    folder: { default: 'bench-results/networks', help: 'folder of `npm run bench -- networks`, with the bundle that it leaves' },
    runs: { default: '15', help: 'inferences of which the median counts' },
    rows: { default: '8', help: 'kernels of each network that are shown' },
  },
  async run(options) {
    const registry = createRegistry([kernelsConv, kernelsMisc, kernelsTensor, kernelsTransformer]);
    const file = path.join(options.folder, `${options.backend}-calibrated.nnm.json`);
    const bundle = parseBundle(readFileSync(file, 'utf8'), { file });
    // The profile is the JavaScript binding's.
    const { backend, implement, runtime } = await openRuntime(
      options.backend,
      options.backend === 'torch_cpu' ? { CALL: 'javascript' } : {},
    );
    const runs = Number(options.runs);
    const environment = { runtime: runtime.info } as unknown as Json;
    const predictor = modelPredictor({ bundle: { ...bundle, environment }, registry });
    const figures: Record<string, object> = {};
    for (const name of listOf(options.networks)) {
      const graph = network(name);
      const lifted = liftKernelGraph(graph, { implement });
      const { kernels: priced } = predictor.predict(lifted);
      const kernels = predictor.detect(lifted);
      const load = async (part: Graph) => runtime.load(await backend.convert(part, implement));
      const profile = await runtime.profile?.(await backend.convert(graph, implement), runs);
      const inPlace = profile === undefined ? await timedInPlace(lifted, kernels, load, runs) : profiledInPlace(lifted, kernels, profile);
      const rows = besideEachOther(priced, inPlace);
      const sum = (of: (row: Beside) => number): number => rows.reduce((total, row) => total + of(row), 0);
      const [nnmMs, inPlaceMs] = [sum((row) => row.nnmMs), sum((row) => row.inPlaceMs)];
      // How much of the time is said to be spent elsewhere: half of all differences between the two distributions.
      const misplaced = sum((row) => Math.abs(row.nnmMs / nnmMs - row.inPlaceMs / inPlaceMs)) / 2;
      const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
      console.log(
        `\n${name}: kernels ${nnmMs.toFixed(2)} ms by nnm, ${inPlaceMs.toFixed(2)} ms in place; ${percent(misplaced)} of the time elsewhere`,
      );
      console.log(
        formatCells([
          ['kernel', 'times', 'nnm', 'share', 'in place', 'share'],
          ...rows
            .slice(0, Number(options.rows))
            .map((row) => [
              row.kernel,
              String(row.times),
              `${row.nnmMs.toFixed(3)} ms`,
              percent(row.nnmMs / nnmMs),
              `${row.inPlaceMs.toFixed(3)} ms`,
              percent(row.inPlaceMs / inPlaceMs),
            ]),
        ]),
      );
      figures[name] = { nnmMs, inPlaceMs, misplaced };
    }
    await runtime.close();
    return figures;
  },
});

/** Kernels by name, those that take most in place first. */
function besideEachOther(
  priced: readonly { readonly name: string; readonly price?: { readonly latencyMs: number } }[],
  inPlace: InPlace,
): readonly Beside[] {
  const rows = new Map<string, { kernel: string; times: number; nnmMs: number; inPlaceMs: number }>();
  const rowOf = (kernel: string) => {
    const row = rows.get(kernel) ?? { kernel, times: 0, nnmMs: 0, inPlaceMs: 0 };
    rows.set(kernel, row);
    return row;
  };
  priced.forEach(({ name, price }, index) => {
    const row = rowOf(name);
    row.times++;
    row.nnmMs += price?.latencyMs ?? 0;
    row.inPlaceMs += inPlace.kernels[index] ?? 0;
  });
  for (const [name, ms] of inPlace.others) rowOf(name).inPlaceMs += ms;
  return [...rows.values()].sort((a, b) => b.inPlaceMs - a.inPlaceMs);
}
