// A plugin for the tests of the commands: one kernel that is made for one framework only.
import { definePlugin } from '@nnm/core';
import misc from '@nnm/kernels-misc';

const relu = misc.kernels.find(({ type }) => type === 'relu');
const features = Object.create(relu.features, { kernelType: { value: 'mykernel_torch' } });

export default definePlugin({
  name: 'mine',
  apiVersion: 1,
  kernels: [{ ...relu, type: 'mykernel_torch', implement: ['torch'], features }],
});
