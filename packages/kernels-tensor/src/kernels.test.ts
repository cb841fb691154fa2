import { type AnyKernel, configKey, countWork, createRegistry, inferShapes, Rng } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import plugin from './plugin.ts';

const kernels = createRegistry([plugin]).kernels.map(({ value }) => value);

it('holds its kernels, those of a family with the same features', () => {
  expect(kernels.map(({ type }) => type)).toMatchInlineSnapshot(`
    [
      "abs",
      "neg",
      "exp",
      "tanh",
      "erf",
      "sigmoid",
      "silu",
      "elu",
      "leaky-relu",
      "hard-sigmoid",
      "clip",
      "relu6",
      "log",
      "sqrt",
      "rsqrt",
      "mish",
      "sub",
      "mul",
      "div",
      "maximum",
      "minimum",
      "pow",
      "add-broadcast",
      "sub-broadcast",
      "mul-broadcast",
      "div-broadcast",
      "add-channels",
      "sub-channels",
      "mul-channels",
      "div-channels",
      "add-scalar",
      "sub-scalar",
      "mul-scalar",
      "div-scalar",
      "maximum-scalar",
      "minimum-scalar",
      "pow-scalar",
      "prelu",
      "add-planes",
      "mul-planes",
      "prelu-planes",
      "softmax",
      "log-softmax",
      "mean-channels",
      "max-channels",
      "sum-channels",
      "mean-rows",
      "max-rows",
      "sum-rows",
      "resize-nearest",
      "resize-bilinear",
      "reshape",
      "transpose",
      "transpose-windows",
      "slice",
      "pad",
      "pad-channels",
      "concat-rows",
      "split-rows",
      "arg-max",
      "l2-normalize",
      "instance-norm",
      "group-norm",
      "expand-dims",
      "squeeze",
      "depth-to-space",
      "space-to-depth",
      "strided-slice",
      "gather",
      "tile",
      "pack",
      "unpack",
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
    const shapesOf = (graph: NonNullable<typeof one>) => graph.outputs.map((id) => inferShapes(graph).get(id) ?? []);
    expect(shapesOf(four!)).toEqual(shapesOf(one!).map(([n, ...rest]) => [4 * n!, ...rest]));
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

describe('resizing', () => {
  const inVectors = (type: string, HW: number, SIZE: number, CIN: number) => {
    const { features } = kernels.find((kernel) => kernel.type === type) as AnyKernel;
    return features.getFeatureByConfig({ HW, CIN, SIZE })[features.featureNames.indexOf('IN_VECTORS')];
  };

  it('knows which sizes a runtime computes several elements of at once', () => {
    expect([inVectors('resize-bilinear', 20, 40, 64), inVectors('resize-bilinear', 20, 80, 64)]).toEqual([1, 1]);
    expect([inVectors('resize-bilinear', 28, 40, 64), inVectors('resize-bilinear', 20, 40, 66)]).toEqual([0, 0]);
    expect([inVectors('resize-nearest', 20, 40, 66), inVectors('resize-nearest', 20, 80, 66)]).toEqual([1, 0]);
  });

  it('copies an image that keeps its size, and samples none', () => {
    for (const type of ['resize-bilinear', 'resize-nearest']) {
      const { features, sampler } = kernels.find((kernel) => kernel.type === type) as AnyKernel;
      const pieces = (SIZE: number) => features.getFeatureByConfig({ HW: 20, CIN: 66, SIZE })[features.featureNames.indexOf('COPIES')];
      expect([pieces(20), pieces(28)]).toEqual([0, 28 * 28 * 66]);
      for (const { HW, SIZE } of sampler.priorConfigSampling(300, { rng: new Rng(1) })) expect(SIZE).not.toBe(HW);
    }
  });
});
