import { definePlugin } from '@nnm/core';
import { tfjsEager } from './tfjs-eager-backend.ts';

export type { TfjsEagerSettings } from './settings.ts';
export { TfjsEagerBackend, tfjsEager } from './tfjs-eager-backend.ts';

/** The plugin: one backend, `tfjs_eager`. */
export default definePlugin({ name: 'nnm-backend-tfjs-eager', version: '0.1.0', apiVersion: 1, backends: [tfjsEager] });
