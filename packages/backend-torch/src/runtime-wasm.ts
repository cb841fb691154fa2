import type { RuntimeFactory } from '@nnm/core';
import type { OrtWasmFactory } from './web/ort-wasm.ts';
import { startWasm } from './web/start-wasm.ts';
import { versionIn, webFolder, webPackageMissing } from './web/web-package.ts';
import type { WebSettings } from './web/web-settings.ts';

const BACKEND = 'ort_wasm';
const MODULE = 'ort-wasm-simd-threaded.mjs';

/**
 * Start ONNX Runtime's WebAssembly in this process.
 *
 * @throws {@link RuntimeUnavailableError} when onnxruntime-web is not installed, or not whole
 */
const start: RuntimeFactory<WebSettings> = async (settings) => {
  const missing = webPackageMissing(BACKEND);
  if (missing !== undefined) throw missing;
  const folder = webFolder();
  const { default: factory } = (await import(new URL(MODULE, folder).href)) as { default: OrtWasmFactory };
  return startWasm(BACKEND, settings, { factory, version: versionIn(folder), engine: `V8 ${process.versions.v8}` });
};

export default start;
