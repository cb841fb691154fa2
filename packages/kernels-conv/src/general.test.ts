import { type AnyKernel, countWork, createRegistry, inferShapes, type KernelConfig, Rng } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { conv2dPrior } from './generated/conv2d-prior.ts';
import { dwconv2dPrior } from './generated/dwconv2d-prior.ts';
import { groupedConvPrior } from './generated/grouped-conv-prior.ts';
import { transposedConvPrior } from './generated/transposed-conv-prior.ts';
import plugin from './plugin.ts';

const registry = createRegistry([plugin]);
const window = (kernel: readonly number[], strides: readonly number[], dilation: readonly number[] = [1, 1]) => ({
  KERNEL_H: kernel[0]!,
  KERNEL_W: kernel[1]!,
  STRIDE_H: strides[0]!,
  STRIDE_W: strides[1]!,
  DILATION_H: dilation[0]!,
  DILATION_W: dilation[1]!,
});

/** Configurations with the shapes that the operators' definitions give them. */
const CASES: Readonly<Record<string, readonly (readonly [config: KernelConfig, input: readonly number[], output: readonly number[]])[]>> = {
  conv2d: [
    [{ H: 1, W: 3000, CIN: 80, COUT: 384, ...window([1, 3], [1, 2]) }, [1, 3000, 80], [1, 1500, 384]],
    [{ H: 224, W: 224, CIN: 3, COUT: 768, ...window([16, 16], [16, 16]) }, [224, 224, 3], [14, 14, 768]],
    [{ H: 17, W: 19, CIN: 5, COUT: 7, ...window([7, 1], [1, 2]) }, [17, 19, 5], [17, 10, 7]],
    [{ H: 33, W: 33, CIN: 8, COUT: 4, ...window([3, 3], [1, 1], [12, 6]) }, [33, 33, 8], [33, 33, 4]],
  ],
  dwconv2d: [[{ H: 9, W: 12, CIN: 6, MULTIPLIER: 3, ...window([3, 5], [2, 1]) }, [9, 12, 6], [5, 12, 18]]],
  'grouped-conv': [[{ H: 14, W: 14, GROUPS: 4, GROUP_CIN: 3, GROUP_COUT: 5, ...window([3, 3], [2, 2]) }, [14, 14, 12], [7, 7, 20]]],
  'transposed-conv': [[{ H: 8, W: 6, CIN: 5, COUT: 3, KERNEL_H: 4, KERNEL_W: 2, STRIDE_H: 2, STRIDE_W: 2 }, [8, 6, 5], [16, 12, 3]]],
};

describe.each(Object.entries(CASES))('%s', (type, cases) => {
  const kernel: AnyKernel = registry.kernel(type);

  it('has the shapes of its operator', () => {
    for (const [config, input, output] of cases) {
      const graph = new kernel.block(config, 2).getModel();
      expect(graph.inputs.map(({ shape }) => shape)).toEqual([[2, ...input]]);
      expect(graph.outputs.map((id) => inferShapes(graph).get(id))).toEqual([[2, ...output]]);
    }
  });

  it('counts its work without building the graph, and reads a configuration back from its features', () => {
    for (const config of [...cases.map(([config]) => config), ...kernel.sampler.priorConfigSampling(200, { rng: new Rng(1) })]) {
      const features = kernel.features.getFeatureByConfig(config);
      const at = (name: string) => features[kernel.features.featureNames.indexOf(name)];
      const work = { flops: at('FLOPS'), params: at('PARAMS'), bytes: at('BYTES') };
      expect({ config, ...work }).toEqual({ config, ...countWork(new kernel.block(config).getModel()) });
      expect(kernel.features.getConfigByFeature(features)).toEqual(config);
    }
  });
});

it('describes a square layer as the square kernels of the family do', () => {
  const square = registry.kernel('conv-block').features;
  const general = registry.kernel('conv2d').features;
  const config = { H: 56, W: 56, CIN: 24, COUT: 33, ...window([3, 3], [2, 2]) };
  expect(general.featureNames).toEqual(square.featureNames);
  expect(general.getFeatureByConfig(config)).toEqual(square.getFeatureByConfig({ HW: 56, CIN: 24, COUT: 33, KERNEL_SIZE: 3, STRIDES: 2 }));
});

it.each([
  ['conv2d', conv2dPrior],
  ['dwconv2d', dwconv2dPrior],
  ['grouped-conv', groupedConvPrior],
  ['transposed-conv', transposedConvPrior],
] as const)('samples the windows of %s that networks have, and none much larger or smaller instead', (type, { columns, rows }) => {
  const { configSpace } = registry.kernel(type);
  const windows = columns.map((key, column) => [key, column + 1] as const).filter(([key]) => /^(KERNEL|STRIDE|DILATION)_/.test(key));
  const missed = windows.flatMap(([key, column]) =>
    rows
      .map((row) => row[column] as number)
      .filter((size) => !configSpace[key]?.values?.some((value) => Math.abs(value / size - 1) < 0.15))
      .map((size) => `${key} ${size}`),
  );
  expect([...new Set(missed)]).toEqual([]);
});

it.each(['conv2d', 'dwconv2d'])('samples %s of low images, too, as lines of text are', (type) => {
  const sampled: readonly KernelConfig[] = registry.kernel(type).sampler.priorConfigSampling(300, { rng: new Rng(4) });
  const low = sampled.filter(({ H = 1, W = 1 }) => H > 1 && W >= 4 * H);
  expect(low.length).toBeGreaterThan(300 / 30);
});

it('samples patches, recordings, dilated windows and 640 pixels', () => {
  const sampled: readonly KernelConfig[] = registry.kernel('conv2d').sampler.priorConfigSampling(1000, { rng: new Rng(2) });
  const has = (accepts: (config: KernelConfig) => boolean) => sampled.some(accepts);
  expect(has(({ KERNEL_H, STRIDE_H }) => KERNEL_H === 16 && STRIDE_H === 16)).toBe(true);
  expect(has(({ H, W }) => H === 1 && (W ?? 0) >= 1500)).toBe(true);
  expect(has(({ DILATION_H }) => (DILATION_H ?? 1) > 1)).toBe(true);
  expect(has(({ H, W }) => H === 640 && W === 640)).toBe(true);
  expect(has(({ H, CIN }) => H === 1 && (CIN ?? 0) > 8)).toBe(true);
});
