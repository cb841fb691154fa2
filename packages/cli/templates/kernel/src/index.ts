import { definePlugin } from '@nnm/core';
import { templateName } from './template-name.ts';

export * from './template-name.ts';

/** The plugin: what nnm loads. */
export default definePlugin({ name: 'nnm-template-package', version: '0.1.0', apiVersion: 1, kernels: [templateName] });
