import { createRegistry } from '@nnm/core';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import { expect, it } from 'vitest';
import { networkKernels } from './network-kernels.ts';

it('lists the kernels of published networks, as they are trained and as files hold them', () => {
  const registry = createRegistry([kernelsConv, kernelsMisc]);
  const types = networkKernels(registry, 'tflite_cpu', 'tensorflow').map(({ type }) => type);
  expect(types).toEqual(expect.arrayContaining(['conv-bn-relu', 'conv-relu', 'dwconv-bn-relu6', 'dwconv-relu6', 'maxpool', 'fc', 'add']));
  expect(types.length).toBeLessThan(registry.kernels.length);
});
