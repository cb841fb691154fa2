import backendTflite from '@nnm/backend-tflite';
import { buildPredictorByData, createRegistry, memoryContext, predictKernel, predictKernels } from '@nnm/builder';
import { type KernelConfig, Rng } from '@nnm/core';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import { expect, it } from 'vitest';

const context = memoryContext(createRegistry([kernelsConv, kernelsMisc, backendTflite]), { backend: 'tflite_cpu' });

/** A predictor of made-up latencies: what is asked here is whether it answers at all. */
async function predictorOf(kernelType: string) {
  const kernel = context.registry.kernel(kernelType);
  const configs: readonly KernelConfig[] = kernel.sampler.priorConfigSampling(40, { rng: new Rng(1) });
  const rows = configs.map((config, i) => ({ id: `ID${i}`, kernel: kernelType, config, latencyMs: 1 + i }));
  return { kernel, ...(await buildPredictorByData(kernelType, rows, { training: { preset: 'paper' } }, context)) };
}

it.each([
  ['dwconv-bn-relu', { HW: 28, CIN: 32, COUT: 64, KERNEL_SIZE: 3, STRIDES: 1 }, /COUT must equal CIN, 32; got 64/],
  ['maxpool', { HW: 28, CIN: 32, COUT: 16, KERNEL_SIZE: 3, POOL_STRIDES: 2 }, /COUT must equal CIN, 32; got 16/],
  ['avgpool', { HW: 28, CIN: 32, COUT: 33, KERNEL_SIZE: 2, POOL_STRIDES: 2 }, /COUT must equal CIN, 32; got 33/],
  ['concat', { HW: 14, CIN1: 8, CIN2: 8, CIN3: 0, CIN4: 8 }, /CIN4 must be 0 when CIN3 is 0/],
  ['channelshuffle', { HW: 14, CIN: 7 }, /CIN must be a multiple of 2, got 7/],
  ['conv-bn-relu', { HW: 28.5, CIN: 32, COUT: 64, KERNEL_SIZE: 3, STRIDES: 1 }, /HW must be an integer/],
])('a configuration that %s cannot have is not predicted', async (type, config, message) => {
  const { predictor, kernel } = await predictorOf(type);
  expect(() => predictKernel(predictor, kernel, config)).toThrow(message);
  expect(() => predictKernels(predictor, kernel, [config])).toThrow(message);
});
