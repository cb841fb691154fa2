import { definePlugin } from '@nnm/core';
import { ortWasm } from './ort-wasm-backend.ts';
import { ortWebgpu } from './ort-webgpu-backend.ts';
import { torchCpu } from './torch-cpu-backend.ts';
import { VERSION } from './version.ts';

export type { TorchSettings } from './settings.ts';
export { TorchCpuBackend, torchCpu } from './torch-cpu-backend.ts';

/** The plugin: `torch_cpu`, `ort_wasm` and `ort_webgpu`. */
export default definePlugin({ name: '@nnm/backend-torch', version: VERSION, apiVersion: 1, backends: [torchCpu, ortWasm, ortWebgpu] });
