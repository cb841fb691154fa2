import { type ActivationFunction, type AnyKernel, configKey, countWork, createRegistry, inferShapes, Rng } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import type { ConvConfig } from './config.ts';
import plugin from './plugin.ts';

const conv = (HW: number, CIN: number, COUT: number, KERNEL_SIZE: number, STRIDES: number): ConvConfig => ({
  HW,
  CIN,
  COUT,
  KERNEL_SIZE,
  STRIDES,
});

const edges: readonly ConvConfig[] = [
  conv(1, 1, 1, 1, 1),
  conv(1, 3, 4096, 7, 4),
  conv(13, 4096, 7, 3, 2),
  conv(56, 24, 64, 1, 4),
  conv(57, 17, 33, 5, 2),
  conv(224, 3, 64, 7, 2),
  conv(10, 8, 8, 2, 2),
];

/** What each kernel consists of, written down apart from its definition. */
const LAYERS: Readonly<Record<string, readonly [batchNorm: boolean, activation?: ActivationFunction]>> = {
  'conv-bn-relu': [true, 'relu'],
  'conv-bn-relu6': [true, 'relu6'],
  'conv-bn': [true],
  'conv-relu': [false, 'relu'],
  'conv-relu6': [false, 'relu6'],
  'conv-hswish': [false, 'hswish'],
  'conv-block': [false],
  'conv-bn-hswish': [true, 'hswish'],
  'dwconv-bn': [true],
  'dwconv-relu': [false, 'relu'],
  'dwconv-relu6': [false, 'relu6'],
  'dwconv-bn-relu': [true, 'relu'],
  'dwconv-bn-relu6': [true, 'relu6'],
  'dwconv-block': [false],
  'dwconv-bn-hswish': [true, 'hswish'],
};

it('holds the fifteen kernels, the general ones and those with a residual, in their families', () => {
  const registry = createRegistry([plugin]);
  const general = ['conv2d', 'dwconv2d', 'grouped-conv', 'transposed-conv', 'conv-bn-add', 'conv-bn-add-relu'];
  expect(registry.kernels.map(({ value }) => value.type).sort()).toEqual([...Object.keys(LAYERS), ...general].sort());
  expect(registry.family('conv').map(({ type }) => type)).toEqual([
    ...Object.keys(LAYERS).filter((type) => type.startsWith('conv-')),
    'conv2d',
  ]);
  expect(registry.family('dwconv')).toHaveLength(8);
});

it('gives all kernels of a family the same features, so that they can share a predictor', () => {
  for (const family of ['conv', 'dwconv']) {
    const lists = createRegistry([plugin])
      .family(family)
      .map(({ features }) => features.featureNames.join(' '));
    expect(new Set(lists).size).toBe(1);
  }
});

const square = (plugin.kernels ?? []).filter(({ type }) => type in LAYERS);

describe.each(square.map((kernel) => [kernel.type, kernel] as const))('%s', (type, kernel: AnyKernel) => {
  const isDepthwise = type.startsWith('dwconv');
  const configs = edges.map((config) => (isDepthwise ? { ...config, COUT: config.CIN } : config));

  it('is made of the ops its name says', () => {
    const [batchNorm, activation] = LAYERS[type] as readonly [boolean, ActivationFunction?];
    const ops = new kernel.block(configs[3]).getModel().ops;
    const [first] = ops;
    expect(ops.map((op) => (op.op === 'activation' ? op.function : op.op))).toEqual([
      isDepthwise ? 'depthwiseConv2d' : 'conv2d',
      ...(batchNorm ? ['batchNorm'] : []),
      ...(activation === undefined ? [] : [activation]),
    ]);
    expect(first).toMatchObject({ padding: 'same', useBias: !batchNorm, kernelSize: [1, 1], strides: [4, 4] });
  });

  it('has the right shapes on every edge', () => {
    for (const config of configs) {
      for (const n of [1, 4]) {
        const graph = new kernel.block(config, n).getModel();
        const size = Math.ceil(config.HW / config.STRIDES);
        expect(graph.inputs.map(({ shape }) => shape)).toEqual([[n, config.HW, config.HW, config.CIN]]);
        expect(graph.outputs.map((id) => inferShapes(graph).get(id))).toEqual([[n, size, size, config.COUT]]);
      }
    }
  });

  it('counts its work without building the graph', () => {
    for (const config of [...configs, ...kernel.sampler.priorConfigSampling(100, { rng: new Rng(1) })]) {
      const features = kernel.features.getFeatureByConfig(config);
      expect({ config, work: features.slice(5, 8) }).toEqual({
        config,
        work: Object.values(countWork(new kernel.block(config).getModel())),
      });
    }
  });

  it('reads a configuration back from its features', () => {
    for (const config of kernel.sampler.priorConfigSampling(300, { rng: new Rng(2), mode: 'marginal' })) {
      const features = kernel.features.getFeatureByConfig(config);
      expect(features.every(Number.isFinite)).toBe(true);
      expect(features).toHaveLength(kernel.features.featureNames.length);
      expect(kernel.features.getConfigByFeature(features)).toEqual(config);
    }
  });

  it.each(['joint', 'marginal'] as const)('samples valid configurations (%s)', (mode) => {
    const sampled: readonly ConvConfig[] = kernel.sampler.priorConfigSampling(400, { rng: new Rng(3), mode });
    expect(new Set(sampled.map(configKey)).size).toBe(400);
    const sizes = [1, 3, 5, 7, 10, 14, 20, 28, 40, 56, 80, 112, 160, 224, 320, 640];
    // Some layers are of larger images.
    const times = mode === 'joint' ? [1, 2, 4, 8, 16] : [1];
    const allSizes = times.flatMap((factor) => sizes.map((size) => factor * size));
    if (mode === 'joint') expect(sampled.some(({ HW }) => !sizes.includes(HW))).toBe(true);
    // A scale per channel is a depthwise window of one pixel.
    const scales = sampled.filter(({ KERNEL_SIZE, STRIDES }) => KERNEL_SIZE * STRIDES === 1).length;
    if (mode === 'joint' && isDepthwise) expect(scales).toBeGreaterThan(400 / 40);
    for (const { HW, CIN, COUT, KERNEL_SIZE, STRIDES } of sampled) {
      expect(allSizes).toContain(HW);
      expect([1, 2, 3, 5, 7, 11]).toContain(KERNEL_SIZE);
      expect([1, 2, 4]).toContain(STRIDES);
      expect(Math.min(CIN, COUT)).toBeGreaterThanOrEqual(1);
      expect(Math.max(CIN, COUT)).toBeLessThanOrEqual(4096);
      if (isDepthwise) expect(COUT).toBe(CIN);
    }
  });

  it('samples around a configuration', () => {
    const base = conv(56, 24, isDepthwise ? 24 : 64, 3, 1);
    for (const config of kernel.sampler.finegrainedConfigSampling(15, [base], { rng: new Rng(4) }) as readonly ConvConfig[]) {
      expect(config).toMatchObject({ HW: 56, KERNEL_SIZE: 3, STRIDES: 1 });
      expect(config.CIN).toBeGreaterThanOrEqual(9);
      expect(config.CIN).toBeLessThanOrEqual(28);
      if (isDepthwise) expect(config.COUT).toBe(config.CIN);
      else expect(config.COUT >= 25 && config.COUT <= 76).toBe(true);
    }
  });
});

it('tells what tiles waste', () => {
  const { features } = createRegistry([plugin]).kernel('conv-bn-relu');
  const vector = features.getFeatureByConfig(conv(14, 30, 33, 3, 2));
  const named = Object.fromEntries(features.featureNames.map((name, index) => [name, vector[index]]));
  expect(named).toMatchObject({
    OUT_PIXELS: 49,
    COUT_WASTE_8: 40 / 33,
    COUT_WASTE_16: 48 / 33,
    CIN_MOD_4: 2,
    CIN_MOD_8: 6,
    CIN_MOD_16: 14,
  });
  expect(named).toMatchObject({ REDUCTION: 270, IM2COL_BYTES: 4 * 49 * 270 });
});

it('refuses a depthwise kernel that changes its channels', () => {
  const kernel = createRegistry([plugin]).kernel('dwconv-bn');
  expect(() => new kernel.block(conv(7, 8, 16, 3, 1)).getModel()).toThrow('COUT must equal CIN, 8; got 16');
});

it('gives the same samples wherever it runs', () => {
  const kernel = createRegistry([plugin]).kernel('conv-bn-relu');
  const sampled = kernel.sampler.priorConfigSampling(5, { rng: new Rng(42) });
  expect(sampled.map((config) => Object.values(config).join(' '))).toEqual([
    '14 64 112 1 1',
    '28 184 15 1 1',
    '14 93 22 3 1',
    '56 40 39 1 2',
    '20 76 521 1 1',
  ]);
});
