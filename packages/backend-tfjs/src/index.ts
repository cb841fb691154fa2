import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BrowserRuntime, definePlugin, siblingModule } from '@nnm/core';
import { nodePackageMissing } from './node-package.ts';
import { gpuSettings, nodeSettings, plainSettings, wasmSettings } from './settings.ts';
import { TfjsBackend } from './tfjs-backend.ts';
import { VERSION } from './version.ts';

export { type GraphModelArtifacts, readModelFile } from './file/model-file.ts';
export type { TfjsSettings } from './settings.ts';
export { TfjsBackend } from './tfjs-backend.ts';

const inBrowser = (name: string): BrowserRuntime => ({ module: siblingModule(import.meta.url, `browser/${name}`) });

/** The folder of TensorFlow.js's WebAssembly files, looked for when somebody asks. */
const WASM_FOLDERS = {
  get 'tfjs-wasm'(): URL {
    const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    return pathToFileURL(`${dirname(main)}/`);
  },
};

/** TensorFlow.js on WebAssembly, in Node and browsers. */
export const tfjsWasm = new TfjsBackend({
  id: 'tfjs_wasm',
  description: 'TensorFlow.js on WebAssembly',
  settings: wasmSettings(),
  runtime: 'runtime-wasm',
  browser: { ...inBrowser('wasm'), folders: WASM_FOLDERS },
  startsOperatorsInJavaScript: true,
});

/** TensorFlow.js in plain JavaScript, in Node and browsers. */
export const tfjsCpu = new TfjsBackend({
  id: 'tfjs_cpu',
  description: 'TensorFlow.js in plain JavaScript',
  settings: plainSettings(),
  runtime: 'runtime-cpu',
  browser: inBrowser('cpu'),
});

/** TensorFlow.js on TensorFlow's C library, in Node. */
export const tfjsNode = new TfjsBackend({
  id: 'tfjs_node',
  description: "TensorFlow.js on TensorFlow's C library (tfjs-node)",
  settings: nodeSettings(),
  runtime: 'runtime-node',
  runtimePeers: ['@tensorflow/tfjs-node'],
  startsOperatorsInJavaScript: true,
  whyNot: nodePackageMissing,
});

/** TensorFlow.js on WebGL, in browsers. */
export const tfjsWebgl = new TfjsBackend({
  id: 'tfjs_webgl',
  description: "TensorFlow.js on a browser's WebGL",
  settings: gpuSettings(),
  runtime: 'runtime-webgl',
  browser: { ...inBrowser('webgl'), only: true },
  usesAccelerator: true,
});

/** TensorFlow.js on WebGPU, in browsers. */
export const tfjsWebgpu = new TfjsBackend({
  id: 'tfjs_webgpu',
  description: "TensorFlow.js on a browser's WebGPU",
  settings: gpuSettings(),
  runtime: 'runtime-webgpu',
  browser: { ...inBrowser('webgpu'), only: true },
  usesAccelerator: true,
  // Of five, rmsNorm comes out wrong by more than its own size (4.22.0 on SwiftShader).
  mostAxes: 4,
});

export default definePlugin({
  name: '@nnm/backend-tfjs',
  version: VERSION,
  apiVersion: 1,
  backends: [tfjsWasm, tfjsCpu, tfjsNode, tfjsWebgl, tfjsWebgpu],
});
