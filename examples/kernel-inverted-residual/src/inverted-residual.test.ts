import { kernelContract, ReferenceBackend } from '@nnm/core/testing';
import { expect, it } from 'vitest';
import { InvertedResidualBlock, invertedResidual } from './inverted-residual.ts';

for (const { name, run } of kernelContract(invertedResidual, { backends: [new ReferenceBackend()] })) it(name, run);

it('expands only when asked to, and always adds its input', () => {
  const ops = (EXPANSION: number) =>
    new InvertedResidualBlock({ HW: 14, CIN: 8, EXPANSION, KERNEL_SIZE: 3 }).getModel().ops.map(({ op }) => op);
  expect(ops(6)[0]).toBe('conv2d');
  expect(ops(1)[0]).toBe('depthwiseConv2d');
  expect([ops(1).at(-1), ops(6).at(-1)]).toEqual(['add', 'add']);
});
