import { type AnyKernel, configKey, countWork, createRegistry, inferShapes, Rng } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import plugin from './plugin.ts';

const kernels = createRegistry([plugin]).kernels.map(({ value }) => value);

it('holds its kernels, those of a family with the same features', () => {
  expect(kernels.map(({ type }) => type)).toMatchInlineSnapshot(`
    [
      "matmul",
      "matmul-transposed",
      "dense",
      "dense-gelu",
      "layer-norm",
      "add-layer-norm",
      "rms-norm",
      "gelu",
      "gelu-tanh",
      "attention",
      "transpose-heads",
      "split-heads",
    ]
  `);
  for (const kernel of kernels) {
    const relative = kernels.find(({ family }) => family !== undefined && family === kernel.family) ?? kernel;
    expect(kernel.features.featureNames).toEqual(relative.features.featureNames);
  }
});

describe.each(kernels.map((kernel) => [kernel.type, kernel] as const))('%s', (_, kernel: AnyKernel) => {
  const configs = kernel.sampler.priorConfigSampling(100, { rng: new Rng(1) });

  it('samples distinct configurations within its ranges', () => {
    expect(new Set(configs.map(configKey)).size).toBe(100);
    for (const config of configs) {
      for (const [key, range] of Object.entries(kernel.configSpace)) {
        const { min, max } = range as { readonly min: number; readonly max: number };
        expect(config[key] >= min && config[key] <= max, `${key} of ${configKey(config)}`).toBe(true);
      }
    }
  });

  it('takes any batch', () => {
    const [one, four] = [1, 4].map((n) => new kernel.block(configs[0], n).getModel());
    // The batch is the first axis, or a part of one.
    const sizesOf = (graph: NonNullable<typeof one>) =>
      graph.outputs.map((id) => (inferShapes(graph).get(id) ?? []).reduce((all, size) => all * size, 1));
    expect(sizesOf(four!)).toEqual(sizesOf(one!).map((size) => 4 * size));
    expect(four!.inputs.map(({ shape }) => shape)).toEqual(one!.inputs.map(({ shape: [n, ...rest] }) => [4 * n!, ...rest]));
  });

  it('counts its work without building the graph, and reads a configuration back from its features', () => {
    for (const config of configs) {
      const features = kernel.features.getFeatureByConfig(config);
      const at = (name: string) => features[kernel.features.featureNames.indexOf(name)];
      const work = { flops: at('FLOPS'), params: at('PARAMS'), bytes: at('BYTES') };
      expect({ config, ...work }).toEqual({ config, ...countWork(new kernel.block(config).getModel()) });
      expect(kernel.features.getConfigByFeature(features)).toEqual(config);
    }
  });
});
