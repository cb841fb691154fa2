import { tfjsCpu, tfjsWasm } from '@nnm/backend-tfjs';
import { type AnyKernel, countWork, Rng, type Runtime } from '@nnm/core';
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
const backends = [tfjsWasm, tfjsCpu];
const runtimes: Runtime[] = [];

beforeAll(async () => {
  for (const backend of backends) runtimes.push(await startRuntime({ backend }));
});
afterAll(async () => {
  for (const runtime of runtimes) await runtime.close();
});

describe('TensorFlow.js agrees with the reference on', () => {
  it.each(kernels.map((kernel) => [kernel.type, kernel] as const))('%s', async (_, kernel) => {
    for (const [index, config] of edgeConfigs(kernel).entries()) {
      const graph = new kernel.block(config, index % 4 === 0 ? 4 : 1).getModel();
      if (index > 0 && countWork(graph).flops > MOST_FLOPS) continue;
      const inputs = randomTensors(graph, new Rng(graph.seed).fork('inputs'));
      const expected = runReference(graph, inputs, 'tensorflow');
      for (const [which, runtime] of runtimes.entries()) {
        const backend = backends[which]!;
        const model = await runtime.load(await backend.convert(graph, 'tensorflow'));
        const error = maxRelativeError(await model.execute(inputs), expected);
        await model.close();
        expect(error, `${kernel.type} ${JSON.stringify(config)} on ${backend.id}`).toBeLessThanOrEqual(TOLERANCE);
      }
    }
  });
});
