import { definePlugin } from '@nnm/core';
import { convKernels } from './conv/kernels.ts';
import { dwconvKernels } from './dwconv/kernels.ts';
import { VERSION } from './version.ts';

/** The plugin: the `conv` family (8 kernels) and the `dwconv` family (7 kernels). */
export default definePlugin({ name: '@nnm/kernels-conv', version: VERSION, apiVersion: 1, kernels: [...convKernels, ...dwconvKernels] });
