import type { RuntimeFactory } from '@nnm/core';
import { startWasm } from '../runtime/start-wasm.ts';
import type { TfjsWasmSettings } from '../settings.ts';

/** Start TensorFlow.js on WebAssembly in a page, whose server has its files beside this module. */
const startInBrowser: RuntimeFactory<TfjsWasmSettings> = (settings) =>
  startWasm(settings, {
    prefix: new URL('./tfjs-wasm/', import.meta.url).href,
    hasThreads: globalThis.crossOriginIsolated,
    hint: 'See whether something between the page and nnm, such as a proxy or an extension, blocks .wasm files.',
  });

export default startInBrowser;
