import litert from '@nnm/backend-litert';
import tfjs from '@nnm/backend-tfjs';
import torch from '@nnm/backend-torch';
import { type AnyKernel, countWork, createRegistry, type Graph, type Implement, Rng, type Runtime, type Tensor } from '@nnm/core';
import { maxRelativeError, randomTensors, runReference, startRuntime } from '@nnm/core/testing';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import kernelsTensor from '@nnm/kernels-tensor';
import kernelsTransformer from '@nnm/kernels-transformer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { edgeConfigs } from './edge-configs.ts';

const TOLERANCE = 1e-4;
/** The reference and plain JavaScript would take seconds for more: larger configurations are the same operators. */
const MOST_FLOPS = 2e7;

const kernels: readonly AnyKernel[] = [kernelsConv, kernelsMisc, kernelsTensor, kernelsTransformer].flatMap(
  (plugin) => plugin.kernels ?? [],
);
const registry = createRegistry([tfjs, litert, torch]);
const backends = ['tfjs_wasm', 'tfjs_cpu', 'litert_wasm', 'ort_wasm'].map((id) => registry.backend(id));
const runtimes: Runtime[] = [];

beforeAll(async () => {
  for (const backend of backends) runtimes.push(await startRuntime({ backend }));
});
afterAll(async () => {
  for (const runtime of runtimes) await runtime.close();
});

/** What the reference says under a framework's padding, computed once for all backends that follow it. */
function referenceOf(graph: Graph, inputs: readonly Tensor[]): (implement: Implement) => readonly Tensor[] {
  const known = new Map<Implement, readonly Tensor[]>();
  return (implement) => {
    const outputs = known.get(implement) ?? runReference(graph, inputs, implement);
    known.set(implement, outputs);
    return outputs;
  };
}

describe('the runtimes of the web agree with the reference on', () => {
  it.each(kernels.map((kernel) => [kernel.type, kernel] as const))('%s', async (_, kernel) => {
    for (const [index, config] of edgeConfigs(kernel).entries()) {
      const graph = new kernel.block(config, index % 4 === 0 ? 4 : 1).getModel();
      if (index > 0 && countWork(graph).flops > MOST_FLOPS) continue;
      const inputs = randomTensors(graph, new Rng(graph.seed).fork('inputs'));
      const reference = referenceOf(graph, inputs);
      for (const [which, runtime] of runtimes.entries()) {
        const backend = backends[which]!;
        const [implement] = backend.implement;
        const model = await runtime.load(await backend.convert(graph, implement));
        const error = maxRelativeError(await model.execute(inputs), reference(implement));
        await model.close();
        expect(error, `${kernel.type} ${JSON.stringify(config)} on ${backend.id}`).toBeLessThanOrEqual(TOLERANCE);
      }
    }
  });
});
