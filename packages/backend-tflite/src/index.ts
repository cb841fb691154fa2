import { definePlugin } from '@nnm/core';
import { tfliteCpu } from './tflite-backend.ts';
import { VERSION } from './version.ts';

export type { TfliteSettings } from './settings.ts';
export { TfliteCpuBackend, tfliteCpu } from './tflite-backend.ts';

export default definePlugin({ name: '@nnm/backend-tflite', version: VERSION, apiVersion: 1, backends: [tfliteCpu] });
