import { readFileSync } from 'node:fs';
import { createRegistry, type Json, type ProfiledPart } from '@nnm/core';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import kernelsTensor from '@nnm/kernels-tensor';
import kernelsTransformer from '@nnm/kernels-transformer';
import { type DetectedKernel, exactParts, type LiftedModel, liftKernelGraph, modelPredictor, parseBundle } from '@nnm/model';
import { network } from '@nnm/zoo';
import { defineBench, listOf } from './bench.ts';
import { openRuntime } from './open-runtime.ts';
import { formatCells } from './report.ts';

/** A kernel of a network as nnm prices it and as the runtime timed it in place. */
interface Beside {
  readonly kernel: string;
  readonly times: number;
  readonly nnmMs: number;
  readonly runtimeMs: number;
}

export default defineBench({
  question: 'Does a breakdown agree with the profile that ONNX Runtime makes itself?',
  options: {
    networks: { default: 'mobilenet-v3-large,efficientnet-b0,resnet-50,bert-mini', help: 'names of the zoo' },
    bundle: {
      default: 'bench-results/networks/torch_cpu-calibrated.nnm.json',
      help: 'a bundle, such as `npm run bench -- networks` leaves',
    },
    runs: { default: '15', help: 'inferences of which the median counts' },
    rows: { default: '8', help: 'kernels of each network that are shown' },
  },
  async run(options) {
    const registry = createRegistry([kernelsConv, kernelsMisc, kernelsTensor, kernelsTransformer]);
    const bundle = parseBundle(readFileSync(options.bundle, 'utf8'), { file: options.bundle });
    const { backend, implement, runtime } = await openRuntime('torch_cpu', { CALL: 'javascript' });
    const environment = { runtime: runtime.info } as unknown as Json;
    const predictor = modelPredictor({ bundle: { ...bundle, environment }, registry });
    const figures: Record<string, object> = {};
    for (const name of listOf(options.networks)) {
      const graph = network(name);
      const lifted = liftKernelGraph(graph, { implement });
      const profile = (await runtime.profile?.(await backend.convert(graph, implement), Number(options.runs))) ?? [];
      const rows = besideEachOther(lifted, predictor.detect(lifted), predictor.predict(lifted).kernels, profile);
      const sum = (of: (row: Beside) => number): number => rows.reduce((total, row) => total + of(row), 0);
      const [nnmMs, runtimeMs] = [sum((row) => row.nnmMs), sum((row) => row.runtimeMs)];
      // How much of the time is said to be spent elsewhere: half of all differences between the two distributions.
      const misplaced = sum((row) => Math.abs(row.nnmMs / nnmMs - row.runtimeMs / runtimeMs)) / 2;
      const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
      console.log(
        `\n${name}: kernels ${nnmMs.toFixed(2)} ms by nnm, ${runtimeMs.toFixed(2)} ms by the profile; ${percent(misplaced)} of the time elsewhere`,
      );
      console.log(
        formatCells([
          ['kernel', 'times', 'nnm', 'share', 'profile', 'share'],
          ...rows
            .slice(0, Number(options.rows))
            .map((row) => [
              row.kernel,
              String(row.times),
              `${row.nnmMs.toFixed(3)} ms`,
              percent(row.nnmMs / nnmMs),
              `${row.runtimeMs.toFixed(3)} ms`,
              percent(row.runtimeMs / runtimeMs),
            ]),
        ]),
      );
      figures[name] = { nnmMs, runtimeMs, misplaced };
    }
    await runtime.close();
    return figures;
  },
});

/** Kernels by name, those that take most by the profile first. */
function besideEachOther(
  lifted: LiftedModel,
  kernels: readonly DetectedKernel[],
  priced: readonly { readonly name: string; readonly price?: { readonly latencyMs: number } }[],
  profile: readonly ProfiledPart[],
): readonly Beside[] {
  const kernelOf = new Map(kernels.flatMap(({ ops }, index) => ops.map((op) => [op, index] as const)));
  const rows = new Map<string, { kernel: string; times: number; nnmMs: number; runtimeMs: number }>();
  const rowOf = (kernel: string) => {
    const row = rows.get(kernel) ?? { kernel, times: 0, nnmMs: 0, runtimeMs: 0 };
    rows.set(kernel, row);
    return row;
  };
  priced.forEach(({ name, price }) => {
    const row = rowOf(name);
    row.times++;
    row.nnmMs += price?.latencyMs ?? 0;
  });
  // The product of a dense layer has a value that only the file knows: it counts to what runs next.
  let carriedMs = 0;
  for (const part of profile) {
    const [op] = exactParts(lifted, [part])[0] ?? [];
    const kernel = op === undefined ? undefined : kernelOf.get(op);
    const reorder = part.operators[0] === 'ReorderInput' ? 'reorder to blocked' : 'reorder to plain';
    if (part.reorders !== undefined) rowOf(reorder).runtimeMs += part.latencyMs;
    else if (kernel === undefined) carriedMs += part.latencyMs;
    else {
      rowOf(priced[kernel]!.name).runtimeMs += part.latencyMs + carriedMs;
      carriedMs = 0;
    }
  }
  if (carriedMs > 0) rowOf('other').runtimeMs += carriedMs;
  return [...rows.values()].sort((a, b) => b.runtimeMs - a.runtimeMs);
}
