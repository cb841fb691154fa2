import { type AnyKernel, definePlugin } from '@nnm/core';
import { attention } from './attention.ts';
import { splitHeads, transposeHeads } from './heads.ts';
import { dense, denseGelu, matmul, matmulTransposed } from './matrix.ts';
import { addLayerNorm, gelu, geluTanh, layerNorm, rmsNorm } from './rows.ts';
import { VERSION } from './version.ts';

const kernels: readonly AnyKernel[] = [
  matmul,
  matmulTransposed,
  dense,
  denseGelu,
  layerNorm,
  addLayerNorm,
  rmsNorm,
  gelu,
  geluTanh,
  attention,
  transposeHeads,
  splitHeads,
];

/** The plugin: what transformers are made of. */
export default definePlugin({ name: '@nnm/kernels-transformer', version: VERSION, apiVersion: 1, kernels });
