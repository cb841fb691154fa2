import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import type { Runtime } from '@nnm/core';
import { startWasm } from './runtime/start-wasm.ts';
import type { TfjsWasmSettings } from './settings.ts';

const require = createRequire(import.meta.url);

/** Start TensorFlow.js on WebAssembly in this process, whose files lie in the package of its backend. */
export default function startInNode(settings: TfjsWasmSettings): Promise<Runtime> {
  const prefix = dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep;
  return startWasm(settings, { prefix, hasThreads: false, hint: 'Install @tensorflow/tfjs-backend-wasm again.' });
}
