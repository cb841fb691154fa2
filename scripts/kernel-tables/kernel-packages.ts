import { fileURLToPath } from 'node:url';
import type { Plugin } from '@nnm/core';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import kernelsTensor from '@nnm/kernels-tensor';
import kernelsTransformer from '@nnm/kernels-transformer';

/** Every package of kernels. */
export const KERNEL_PACKAGES: readonly Plugin[] = [kernelsConv, kernelsMisc, kernelsTensor, kernelsTransformer];

/** Path of a package's README. */
export const readmeOf = ({ name }: Plugin): string =>
  fileURLToPath(new URL(`../../packages/${name.replace('@nnm/', '')}/README.md`, import.meta.url));
