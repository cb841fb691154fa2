import tfjs from '@nnm/backend-tfjs';
import tflite from '@nnm/backend-tflite';
import { buildPredictorForKernel, memoryContext, predictKernel } from '@nnm/builder';
import { createRegistry, runToEnd } from '@nnm/core';
import { expect, it } from 'vitest';
import plugin from './index.ts';

const registry = createRegistry([plugin, tfjs, tflite]);
const BUDGET_MS = 20_000;

// How good a predictor of so few samples is does not matter here.
it.each(['tflite_cpu', 'tfjs_wasm'])('a kernel that is written with layers goes all the way to a predictor on %s', async (backend) => {
  const end = performance.now() + BUDGET_MS;
  const kernels = { 'separable-gate': { initSampleNum: 12, holdoutSampleNum: 4, iteration: 1 } };
  const context = memoryContext(registry, { backend, seed: 1, kernels }, { timeLeftMs: () => end - performance.now() });
  const { built } = await runToEnd(buildPredictorForKernel('separable-gate', context), () => undefined);
  const config = { HW: 14, CIN: 80, KERNEL_SIZE: 3 };
  expect(predictKernel(built.predictor, registry.kernel('separable-gate'), config).latencyMs).toBeGreaterThan(0);
});
