import { definePlugin } from '@nnm/core';
import { plainSettings, wasmSettings } from './settings.ts';
import { TfjsBackend } from './tfjs-backend.ts';
import { VERSION } from './version.ts';

export { type GraphModelArtifacts, readModelFile } from './file/model-file.ts';

export const tfjsCpu = new TfjsBackend({
  id: 'tfjs_cpu',
  description: 'TensorFlow.js in plain JavaScript',
  settings: plainSettings(['host', 'browser']),
  runtime: 'runtime-cpu',
});

export const tfjsWasm = new TfjsBackend({
  id: 'tfjs_wasm',
  description: 'TensorFlow.js on WebAssembly',
  settings: wasmSettings(),
  runtime: 'runtime-wasm',
});

export default definePlugin({ name: '@nnm/backend-tfjs', version: VERSION, apiVersion: 1, backends: [tfjsWasm, tfjsCpu] });
