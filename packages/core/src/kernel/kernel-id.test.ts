import { expect, it } from 'vitest';
import { kernelIdProblem } from './index.ts';

it.each(['conv-bn-relu', 'mykernel_tf', 'a', 'conv3x3', 'my_kernel-2', 'prior', 'finegrained'])('%s is a kernel id', (id) => {
  expect(kernelIdProblem(id)).toBeUndefined();
});

it.each(['', 'Conv', 'a b', '_a', 'a_', 'a--b', 'a/b', '../a', 'é', 7, undefined, 'x\n'])('%j is none', (id) => {
  expect(kernelIdProblem(id)).toMatch(/^must be lower-case letters and digits, with - or _ between them/);
});

it.each(['conv_prior', 'a_holdout', 'a_initial', 'a_finegrained12', 'a_imported', 'profiled', 'profiled_conv'])(
  '%s would share files with another kernel',
  (id) => {
    expect(kernelIdProblem(id)).toMatch(/files are named so/);
  },
);
