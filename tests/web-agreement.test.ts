import litert from '@nnm/backend-litert';
import tfjs from '@nnm/backend-tfjs';
import torch from '@nnm/backend-torch';
import { createRegistry, type Runtime } from '@nnm/core';
import { maxRelativeError, startRuntime } from '@nnm/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KERNELS, kernelCases } from './kernel-cases.ts';

const MOST_FLOPS = 2e7;

const registry = createRegistry([tfjs, litert, torch]);
const backends = ['tfjs_wasm', 'tfjs_cpu', 'litert_wasm', 'ort_wasm'].map((id) => registry.backend(id));
const runtimes: Runtime[] = [];

beforeAll(async () => {
  for (const backend of backends) runtimes.push(await startRuntime({ backend }));
});
afterAll(async () => {
  for (const runtime of runtimes) await runtime.close();
});

describe('the runtimes of the web agree with the reference on', () => {
  it.each(KERNELS.map((kernel) => [kernel.type, kernel] as const))('%s', async (_, kernel) => {
    for (const { what, graph, inputs, reference, tolerance } of kernelCases(kernel, MOST_FLOPS)) {
      for (const [which, runtime] of runtimes.entries()) {
        const backend = backends[which]!;
        const [implement] = backend.implement;
        const model = await runtime.load(await backend.convert(graph, implement));
        const error = maxRelativeError(await model.execute(inputs), reference(implement));
        await model.close();
        expect(error, `${what} on ${backend.id}`).toBeLessThanOrEqual(tolerance);
      }
    }
  });
});
