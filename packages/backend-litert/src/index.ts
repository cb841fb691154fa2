import { definePlugin } from '@nnm/core';
import { litertWasm } from './litert-wasm-backend.ts';
import { litertWebgpu } from './litert-webgpu-backend.ts';
import { VERSION } from './version.ts';

export { LitertWasmBackend, litertWasm } from './litert-wasm-backend.ts';
export type { LitertSettings } from './settings.ts';

/** The plugin: `litert_wasm` and `litert_webgpu`. */
export default definePlugin({ name: '@nnm/backend-litert', version: VERSION, apiVersion: 1, backends: [litertWasm, litertWebgpu] });
