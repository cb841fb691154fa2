import { type KernelConfig, Rng } from '@nnm/core';
import kernelsConv from '@nnm/kernels-conv';
import { describe, expect, it } from 'vitest';
import { outsideReasons } from '../packages/predictor/src/predict/sampled-space.ts';
import { fitSampledSpace } from '../packages/predictor/src/training/fit-sampled-space.ts';

/** As many as a build measures of a kernel by default. */
const SAMPLES = 1000;

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
    const rows = kernel.sampler
      .priorConfigSampling(SAMPLES, { rng: new Rng(seed) })
      .map((config) => kernel.features.getFeatureByConfig(config));
    const { featureNames } = kernel.features;
    const space = fitSampledSpace(featureNames, {
      rows: rows.length,
      columns: featureNames.length,
      values: Float64Array.from(rows.flatMap((row) => [...row])),
    });
    const outside = layers.flatMap(([name, layer]) => {
      const reasons = outsideReasons(space, kernel.features.getFeatureByConfig(type === 'conv2d' ? general(layer) : layer));
      return reasons.length === 0 ? [] : [`${name}: ${reasons.join('; ')}`];
    });
    expect(outside).toEqual([]);
  });
});
