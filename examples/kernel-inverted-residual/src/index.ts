import { definePlugin } from '@nnm/core';
import { invertedResidual } from './inverted-residual.ts';

export * from './inverted-residual.ts';

/** The plugin: one kernel, `inverted-residual`. */
export default definePlugin({ name: 'nnm-kernel-inverted-residual', version: '0.1.0', apiVersion: 1, kernels: [invertedResidual] });
