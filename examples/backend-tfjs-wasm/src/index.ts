import { definePlugin } from '@nnm/core';
import { tfjsWasm } from './tfjs-wasm-backend.ts';

export type { TfjsWasmSettings } from './settings.ts';
export { TfjsWasmBackend, tfjsWasm } from './tfjs-wasm-backend.ts';

/** The plugin: one backend, `tfjs_wasm`. */
export default definePlugin({ name: 'nnm-backend-tfjs-wasm', version: '0.1.0', apiVersion: 1, backends: [tfjsWasm] });
