import { type AnyKernel, definePlugin } from '@nnm/core';
import { attention } from './attention.ts';
import { dense, denseGelu, matmul, matmulTransposed } from './matrix.ts';
import { gelu, geluTanh, layerNorm, rmsNorm } from './rows.ts';
import { VERSION } from './version.ts';

const kernels: readonly AnyKernel[] = [matmul, matmulTransposed, dense, denseGelu, layerNorm, rmsNorm, gelu, geluTanh, attention];

/** The plugin: what transformers are made of. */
export default definePlugin({ name: '@nnm/kernels-transformer', version: VERSION, apiVersion: 1, kernels });
