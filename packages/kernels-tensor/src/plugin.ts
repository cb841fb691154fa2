import { type AnyKernel, definePlugin } from '@nnm/core';
import { binaryKernels } from './binary.ts';
import { concatRows, pad, slice, splitRows, transpose } from './movement.ts';
import { resizeBilinear, resizeNearest } from './resize.ts';
import { logSoftmax, prelu, reductionKernels, reshape, softmax } from './row-functions.ts';
import { unaryKernels } from './unary.ts';
import { VERSION } from './version.ts';

const kernels: readonly AnyKernel[] = [
  ...unaryKernels,
  ...binaryKernels,
  prelu,
  softmax,
  logSoftmax,
  ...reductionKernels,
  resizeNearest,
  resizeBilinear,
  reshape,
  transpose,
  slice,
  pad,
  concatRows,
  splitRows,
];

/** The plugin: element-wise kernels, reductions, resizing and movements. */
export default definePlugin({ name: '@nnm/kernels-tensor', version: VERSION, apiVersion: 1, kernels });
