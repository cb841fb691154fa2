import { definePlugin } from '@nnm/core';
import { separableGate } from './separable-gate.ts';

export * from './separable-gate.ts';

/** The plugin: one kernel, `separable-gate`. */
export default definePlugin({ name: 'nnm-kernel-layers-api', version: '0.1.0', apiVersion: 1, kernels: [separableGate] });
