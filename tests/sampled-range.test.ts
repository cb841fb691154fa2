import {
  type AnyKernel,
  configKey,
  configProblems,
  DEFAULT_COST_LIMITS,
  type KernelConfig,
  kernelFamily,
  type PriorSampler,
  Rng,
} from '@nnm/core';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import kernelsTensor from '@nnm/kernels-tensor';
import kernelsTransformer from '@nnm/kernels-transformer';
import { describe, expect, it } from 'vitest';
import { isWithinLimits } from '../packages/core/src/sampling/cost-limits.ts';
import { priorConfigs } from '../packages/core/src/sampling/prior-table.ts';
import { outsideReasons } from '../packages/predictor/src/predict/sampled-space.ts';
import { fitSampledSpace } from '../packages/predictor/src/training/fit-sampled-space.ts';

/** Fewer than a build measures of a kernel by default: a first look at a device. */
const SAMPLES = 300;

const square = (HW: number, CIN: number, COUT: number, KERNEL_SIZE: number, STRIDES: number): KernelConfig => ({
  HW,
  CIN,
  COUT,
  KERNEL_SIZE,
  STRIDES,
});

/** Layers that networks have at the edges of what is sampled: a prediction of them must not be a guess. */
const LAYERS: Readonly<Record<string, KernelConfig>> = {
  'patch embedding of 16 pixels': square(224, 3, 768, 16, 16),
  'patch embedding of 32 pixels': square(224, 3, 768, 32, 32),
  'patch embedding of 4 pixels': square(224, 3, 96, 4, 4),
  'patch merging of 2 pixels': square(56, 96, 192, 2, 2),
  'stem of a 640-pixel detector': square(640, 3, 16, 3, 2),
  'second layer of a 640-pixel detector': square(320, 16, 32, 3, 2),
  'head of a 640-pixel detector': square(80, 64, 255, 1, 1),
  'inner layer of squeeze and excitation, narrow': square(1, 96, 4, 1, 1),
  'inner layer of squeeze and excitation': square(1, 72, 24, 1, 1),
  'outer layer of squeeze and excitation': square(1, 24, 72, 1, 1),
  'inner layer of squeeze and excitation, wide': square(1, 1152, 48, 1, 1),
  'stem of a 299-pixel network': square(299, 3, 32, 3, 2),
  'third layer of a 299-pixel network': square(147, 32, 64, 3, 1),
  'window of 2 pixels': square(28, 64, 64, 2, 1),
  'stem with a window of 11 pixels': square(224, 3, 64, 11, 4),
};

const general = ({ HW, CIN, COUT, KERNEL_SIZE, STRIDES }: KernelConfig): KernelConfig =>
  ({
    H: HW,
    W: HW,
    CIN,
    COUT,
    KERNEL_H: KERNEL_SIZE,
    KERNEL_W: KERNEL_SIZE,
    STRIDE_H: STRIDES,
    STRIDE_W: STRIDES,
    DILATION_H: 1,
    DILATION_W: 1,
  }) as KernelConfig;

/** The square kernels are the original's: windows of up to 11 pixels, steps of up to 4. */
const isSquare = ({ KERNEL_SIZE = 1 }: KernelConfig): boolean => KERNEL_SIZE !== 4 && KERNEL_SIZE <= 11;

/** The other kernels of the family share the sampler of the first. */
const kernels = (kernelsConv.kernels ?? []).filter(({ type }) => type === 'conv-bn-relu' || type === 'conv2d');

describe.each(kernels.map((kernel) => [kernel.type, kernel] as const))('%s', (type, kernel) => {
  const layers = Object.entries(LAYERS).filter(([, layer]) => type === 'conv2d' || isSquare(layer));

  it.each([1, 2, 3])('samples what real layers are like with seed %i', (seed) => {
    const outside = layers.flatMap(([name, layer]) => {
      const config = type === 'conv2d' ? general(layer) : layer;
      const reasons = outsideReasons(sampledSpace(kernel, seed), kernel.features.getFeatureByConfig(config));
      return reasons.map((reason) => `${name}: ${reason}`);
    });
    expect(outside).toEqual([]);
  });
});

const families = new Map(
  [kernelsConv, kernelsMisc, kernelsTensor, kernelsTransformer]
    .flatMap(({ kernels: all = [] }) => all)
    .reverse()
    .map((kernel) => [kernelFamily(kernel), kernel]),
);

it.each([...families])('hardly any layer of a known network lies outside what is sampled of %s', (_, kernel) => {
  const space = sampledSpace(kernel, 1);
  const layers = knownLayers(kernel).filter((config) => configProblems(kernel, config).length === 0 && isSampled(kernel, config));
  const outside = layers.filter((config) => outsideReasons(space, kernel.features.getFeatureByConfig(config)).length > 0);
  expect(outside.length / layers.length, JSON.stringify(outside.slice(0, 3))).toBeLessThanOrEqual(0.02);
});

function sampledSpace(kernel: AnyKernel, seed: number) {
  const rows = kernel.sampler
    .priorConfigSampling(SAMPLES, { rng: new Rng(seed), outermost: true })
    .map((config) => kernel.features.getFeatureByConfig(config));
  const { featureNames } = kernel.features;
  return fitSampledSpace(featureNames, { rows: rows.length, columns: featureNames.length, values: Float64Array.from(rows.flat()) });
}

/** The rows of the kernel's prior, each once. */
function knownLayers(kernel: AnyKernel): readonly KernelConfig[] {
  const { prior, space, ties } = (kernel.sampler as PriorSampler<KernelConfig>).options;
  const layers = priorConfigs(prior).map((row) =>
    Object.fromEntries(Object.keys(space).map((key) => [key, row[ties?.[key] ?? key] as number])),
  );
  return [...new Map(layers.map((layer) => [configKey(layer), layer])).values()];
}

function isSampled(kernel: AnyKernel, config: KernelConfig): boolean {
  const { workOf } = (kernel.sampler as PriorSampler<KernelConfig>).options;
  return workOf === undefined || isWithinLimits(workOf(config), DEFAULT_COST_LIMITS);
}
