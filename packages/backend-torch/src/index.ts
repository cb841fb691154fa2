import { definePlugin } from '@nnm/core';
import { torchCpu } from './torch-cpu-backend.ts';
import { VERSION } from './version.ts';

export type { TorchSettings } from './settings.ts';
export { TorchCpuBackend, torchCpu } from './torch-cpu-backend.ts';

/** The plugin: one backend, `torch_cpu`. */
export default definePlugin({ name: '@nnm/backend-torch', version: VERSION, apiVersion: 1, backends: [torchCpu] });
