import { definePlugin } from '@nnm/core';
import { encoderBlock } from './encoder-block.ts';

export * from './encoder-block.ts';

/** The plugin: one kernel, `encoder-block`. */
export default definePlugin({ name: 'nnm-kernel-encoder-block', version: '0.1.0', apiVersion: 1, kernels: [encoderBlock] });
