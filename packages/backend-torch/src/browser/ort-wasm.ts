import { type RuntimeFactory, RuntimeUnavailableError } from '@nnm/core';
import type { OrtWasmFactory } from '../web/ort-wasm.ts';
import { startWasm } from '../web/start-wasm.ts';
import type { WebSettings } from '../web/web-settings.ts';
import { engineOf, importFrom, versionAt } from './page.ts';

const BACKEND = 'ort_wasm';
const FOLDER = new URL('./ort/', import.meta.url);
const MODULE = 'ort-wasm-simd-threaded.mjs';

/**
 * Start ONNX Runtime's WebAssembly in a worker of a page, which is served the builds of onnxruntime-web in the folder `ort` beside this
 * module.
 *
 * @throws {@link RuntimeUnavailableError} when a file is missing or blocked, or the page has no threads where some are asked for
 */
const start: RuntimeFactory<WebSettings> = async (settings) => {
  if (settings.THREADS > 1 && !globalThis.crossOriginIsolated) {
    const hint = 'Set THREADS to 1, or open the page by http://localhost or https.';
    throw new RuntimeUnavailableError({ backend: BACKEND, reason: 'this page has no threads: it is not cross-origin isolated', hint });
  }
  const { default: factory } = await importFrom<{ default: OrtWasmFactory }>(BACKEND, new URL(MODULE, FOLDER));
  const version = await versionAt(BACKEND, new URL('ort.wasm.min.mjs', FOLDER));
  const locateFile = (file: string): string => new URL(file, FOLDER).href;
  return startWasm(BACKEND, settings, { factory, version, engine: engineOf(navigator.userAgent), locateFile });
};

export default start;
