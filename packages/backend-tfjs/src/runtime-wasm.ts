import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import type { RuntimeFactory } from '@nnm/core';
import { startWasm } from './runtime/start-wasm.ts';
import type { TfjsWasmSettings } from './settings.ts';

const require = createRequire(import.meta.url);

/** Start TensorFlow.js on WebAssembly in this process, whose files lie in the package of its backend. */
const startInNode: RuntimeFactory<TfjsWasmSettings> = (settings) => {
  const prefix = dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep;
  return startWasm(settings, { prefix, hasThreads: false, hint: 'Install @tensorflow/tfjs-backend-wasm again.' });
};

export default startInNode;
