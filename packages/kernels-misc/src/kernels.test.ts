import { type AnyKernel, type BaseBlock, configKey, countWork, inferShapes, type KernelConfig, Rng } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import plugin from './plugin.ts';

const image = (HW: number, CIN: number): KernelConfig => ({ HW, CIN });
const pool = (HW: number, CIN: number, KERNEL_SIZE: number, POOL_STRIDES: number): KernelConfig => ({
  HW,
  CIN,
  COUT: CIN,
  KERNEL_SIZE,
  POOL_STRIDES,
});
const join = (HW: number, CIN1: number, CIN2: number, CIN3 = 0, CIN4 = 0): KernelConfig => ({ HW, CIN1, CIN2, CIN3, CIN4 });

const pools = [pool(1, 1, 2, 1), pool(7, 4096, 3, 2), pool(13, 96, 3, 2), pool(56, 20, 2, 4), pool(15, 6, 2, 2), pool(224, 64, 3, 1)];
const images = [image(1, 2), image(7, 4096), image(13, 58), image(224, 64)];
const edges: Readonly<Record<string, readonly KernelConfig[]>> = {
  maxpool: pools,
  avgpool: pools,
  fc: [
    { CIN: 1, COUT: 1 },
    { CIN: 25088, COUT: 7 },
    { CIN: 33, COUT: 8192 },
  ],
  concat: [join(1, 1, 1), join(28, 64, 128, 32, 32), join(13, 3, 4096, 5), join(224, 64, 64)],
};
const edgesOf = (kernel: AnyKernel): readonly KernelConfig[] => edges[kernel.type] ?? images;

/** Output shapes of every kernel, by the definition of its operator and not by its block. */
function expectedShapes(type: string, n: number, config: KernelConfig): readonly (readonly number[])[] {
  const { HW = 0, CIN = 0, COUT = 0, CIN1 = 0, CIN2 = 0, CIN3 = 0, CIN4 = 0, POOL_STRIDES = 1 } = config;
  const out = Math.ceil(HW / POOL_STRIDES);
  switch (type) {
    case 'maxpool':
    case 'avgpool':
      return [[n, out, out, CIN]];
    case 'fc':
      return [[n, COUT]];
    case 'concat':
      return [[n, HW, HW, CIN1 + CIN2 + CIN3 + CIN4]];
    case 'split':
      return [
        [n, HW, HW, CIN / 2],
        [n, HW, HW, CIN / 2],
      ];
    case 'global-avgpool':
      return [[n, CIN]];
    default:
      return [[n, HW, HW, CIN]];
  }
}

const build = (kernel: AnyKernel, config: KernelConfig, batch: number): BaseBlock => new kernel.block(config, batch);

it.each(['bn', 'bnrelu'])('%s of one channel is one loop over the whole image, of more one for every pixel', (type) => {
  const [kernel] = (plugin.kernels ?? []).filter((other) => other.type === type) as [AnyKernel];
  const { features } = kernel;
  const loops = (config: KernelConfig) => features.getFeatureByConfig(config)[features.featureNames.indexOf('OUT_PIXELS')];
  expect([loops(image(56, 1)), loops(image(56, 2)), loops(image(1, 64))]).toEqual([1, 56 * 56, 1]);
});

it.each(['bn', 'bnrelu'])('%s goes plane by plane where channels are no multiple of 4, as a way of its own', (type) => {
  const { features } = (plugin.kernels ?? []).find((kernel) => kernel.type === type)!;
  const of = (CIN: number) =>
    ['COPIES', 'COPIED_BYTES'].map((name) => features.getFeatureByConfig({ HW: 10, CIN })[features.featureNames.indexOf(name)]);
  expect([of(8), of(10), of(12)]).toEqual([
    [0, 0],
    [10, 8000],
    [0, 0],
  ]);
  expect(features.pathFeatures).toContainEqual(['COPIES', 'COPIED_BYTES']);
});

it('XNNPACK pools whole passes of a window, and leaves windows smaller than their step to slower code', () => {
  const { features } = (plugin.kernels ?? []).find(({ type }) => type === 'maxpool') as AnyKernel;
  const of = (name: string, config: KernelConfig) => features.getFeatureByConfig(config)[features.featureNames.indexOf(name)];
  const perOutput = (size: number) => (of('XNN_FLOPS', pool(10, 8, size, 1)) as number) / (100 * 8);
  expect([2, 3, 5, 7].map(perOutput)).toEqual([9, 9, 25, 49]);
  expect(of('XNN_FLOPS', pool(10, 5, 3, 1))).toBe(of('XNN_FLOPS', pool(10, 8, 3, 1)));
  expect([of('XNN_FLOPS', pool(8, 8, 2, 4)), of('REFUSED_FLOPS', pool(8, 8, 2, 4))]).toEqual([0, 4 * 4 * 8]);
  expect(of('REFUSED_FLOPS', pool(8, 8, 2, 2))).toBe(0);
});

it('holds the fourteen kernels it always held', () => {
  expect(plugin.kernels?.map(({ type }) => type)).toEqual(
    expect.arrayContaining([
      'maxpool',
      'avgpool',
      'fc',
      'concat',
      'split',
      'channelshuffle',
      'se',
      'global-avgpool',
      'bnrelu',
      'bn',
      'hswish',
      'relu',
      'addrelu',
      'add',
    ]),
  );
});

describe.each((plugin.kernels ?? []).map((kernel) => [kernel.type, kernel] as const))('%s', (type, kernel) => {
  it('builds a graph of the right shapes on every edge', () => {
    for (const config of edgesOf(kernel)) {
      for (const n of [1, 4]) {
        const block = build(kernel, config, n);
        const graph = block.getModel();
        const shapes = inferShapes(graph);
        expect(graph.inputs.map(({ shape }) => shape)).toEqual(block.inputTensorShape.map((shape) => [n, ...shape]));
        expect(graph.outputs.map((id) => shapes.get(id))).toEqual(expectedShapes(type, n, config));
      }
    }
  });

  it('counts its work without building the graph', () => {
    const sampled = kernel.sampler.priorConfigSampling(100, { rng: new Rng(5) });
    for (const config of [...edgesOf(kernel), ...sampled]) {
      const features = kernel.features.getFeatureByConfig(config);
      const at = (name: string) => features[kernel.features.featureNames.indexOf(name)];
      expect({ config, flops: at('FLOPS'), params: at('PARAMS'), bytes: at('BYTES') }).toEqual({
        config,
        ...countWork(build(kernel, config, 1).getModel()),
      });
    }
  });

  it('reads a configuration back from its features', () => {
    for (const config of kernel.sampler.priorConfigSampling(200, { rng: new Rng(6), mode: 'marginal' })) {
      expect(kernel.features.getConfigByFeature(kernel.features.getFeatureByConfig(config))).toEqual(config);
    }
  });

  it.each(['joint', 'marginal'] as const)('samples valid, distinct configurations (%s)', (mode) => {
    const configs = kernel.sampler.priorConfigSampling(300, { rng: new Rng(7), mode });
    expect(configs).toHaveLength(300);
    expect(new Set(configs.map(configKey)).size).toBe(300);
    // Some layers are of larger images.
    const sizesOf = (key: string, values: readonly number[]): readonly number[] =>
      mode === 'joint' && key === 'HW' ? [1, 2, 4, 8, 16].flatMap((factor) => values.map((value) => factor * value)) : values;
    for (const config of configs) {
      for (const [key, range] of Object.entries(kernel.configSpace)) {
        expect(sizesOf(key, range.values ?? [config[key]])).toContain(config[key]);
        expect(config[key]).toBeGreaterThanOrEqual(range.min);
        expect(config[key]).toBeLessThanOrEqual(range.max);
        expect(config[key] % (range.multipleOf ?? 1)).toBe(0);
      }
      expect(() => build(kernel, config, 1).getModel()).not.toThrow();
    }
  });

  it('samples around a configuration, valid ones only', () => {
    const [config] = kernel.sampler.priorConfigSampling(1, { rng: new Rng(8) });
    for (const near of kernel.sampler.finegrainedConfigSampling(10, [config], { rng: new Rng(9) })) {
      expect(configKey(near)).not.toBe(configKey(config));
      expect(() => build(kernel, near, 1).getModel()).not.toThrow();
    }
  });
});

it('keeps the doubled key of the add kernels in the features and out of the configuration', () => {
  for (const type of ['add', 'addrelu']) {
    const kernel = plugin.kernels?.find((candidate) => candidate.type === type) as AnyKernel;
    expect(kernel.features.neededConfig).toEqual(['HW', 'CIN', 'CIN']);
    expect(kernel.features.getFeatureByConfig({ HW: 7, CIN: 32 }).slice(0, 3)).toEqual([7, 32, 32]);
    expect(kernel.features.getConfigByFeature(kernel.features.getFeatureByConfig({ HW: 7, CIN: 32 }))).toEqual({ HW: 7, CIN: 32 });
  }
});

it('refuses impossible configurations by name', () => {
  const kernel = (type: string): AnyKernel => plugin.kernels?.find((candidate) => candidate.type === type) as AnyKernel;
  expect(() => build(kernel('concat'), join(7, 1, 1, 0, 1), 1).getModel()).toThrow('CIN4 must be 0 when CIN3 is 0');
  expect(() => build(kernel('maxpool'), { ...pool(7, 4, 2, 2), COUT: 8 }, 1).getModel()).toThrow('COUT must equal CIN');
  expect(() => build(kernel('split'), image(7, 3), 1).getModel()).toThrow('cannot split 3 channels');
});
