import { OPERATORS, Rng } from '@nnm/core';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import kernelsTensor from '@nnm/kernels-tensor';
import kernelsTransformer from '@nnm/kernels-transformer';
import { expect, it } from 'vitest';

/** What whole networks are made of must be predictable: an operator that no kernel has is named here, with what stands for it. */
const WITHOUT_KERNEL = {
  flatten: 'a reshape',
  hardSigmoid: 'a mul, an add and a clip; the one of slope 1/6 is an activation',
};

it('every operator is in some kernel', () => {
  const kernels = [kernelsConv, kernelsMisc, kernelsTensor, kernelsTransformer].flatMap((plugin) => plugin.kernels ?? []);
  const used = new Set(
    kernels.flatMap((kernel) => {
      const [config] = kernel.sampler.priorConfigSampling(1, { rng: new Rng(1) });
      return new kernel.block(config).getModel().ops.map(({ op }) => op as string);
    }),
  );
  expect([...OPERATORS.keys()].filter((op) => !used.has(op)).sort()).toEqual(Object.keys(WITHOUT_KERNEL));
});
