import { type AnyKernel, definePlugin } from '@nnm/core';
import { binaryKernels } from './binary.ts';
import { depthToSpace, spaceToDepth, stridedSlice } from './image-movement.ts';
import { groupNorm, instanceNorm } from './image-norm.ts';
import { concatRows, pad, padChannels, slice, splitRows, transpose, transposeWindows } from './movement.ts';
import { planesKernels } from './planes.ts';
import { gather, pack, tile, unpack } from './repeats.ts';
import { resizeBilinear, resizeNearest } from './resize.ts';
import { argMax, expandDims, l2Normalize, logSoftmax, prelu, reductionKernels, reshape, softmax, squeeze } from './row-functions.ts';
import { unaryKernels } from './unary.ts';
import { VERSION } from './version.ts';

const kernels: readonly AnyKernel[] = [
  ...unaryKernels,
  ...binaryKernels,
  prelu,
  ...planesKernels,
  softmax,
  logSoftmax,
  ...reductionKernels,
  resizeNearest,
  resizeBilinear,
  reshape,
  transpose,
  transposeWindows,
  slice,
  pad,
  padChannels,
  concatRows,
  splitRows,
  argMax,
  l2Normalize,
  instanceNorm,
  groupNorm,
  expandDims,
  squeeze,
  depthToSpace,
  spaceToDepth,
  stridedSlice,
  gather,
  tile,
  pack,
  unpack,
];

/** The plugin: element-wise kernels, reductions, resizing and movements. */
export default definePlugin({ name: '@nnm/kernels-tensor', version: VERSION, apiVersion: 1, kernels });
