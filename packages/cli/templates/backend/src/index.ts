import { definePlugin } from '@nnm/core';
import { templateName } from './template-name-backend.ts';

export type { TemplateNameSettings } from './settings.ts';
export { TemplateNameBackend, templateName } from './template-name-backend.ts';

/** The plugin: what nnm loads. */
export default definePlugin({ name: 'nnm-template-package', version: '0.1.0', apiVersion: 1, backends: [templateName] });
