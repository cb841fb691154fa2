import { definePlugin } from '@nnm/core';
import { conv2d } from './conv/conv2d.ts';
import { convKernels } from './conv/kernels.ts';
import { residualKernels } from './conv/residual.ts';
import { dwconv2d } from './dwconv/dwconv2d.ts';
import { dwconvKernels } from './dwconv/kernels.ts';
import { groupedConv } from './grouped/grouped-conv.ts';
import { transposedConv } from './transposed/transposed-conv.ts';
import { VERSION } from './version.ts';

/** The plugin: the `conv` and `dwconv` families with their general kernels, grouped and transposed convolutions. */
export default definePlugin({
  name: '@nnm/kernels-conv',
  version: VERSION,
  apiVersion: 1,
  kernels: [...convKernels, ...dwconvKernels, conv2d, dwconv2d, groupedConv, transposedConv, ...residualKernels],
});
