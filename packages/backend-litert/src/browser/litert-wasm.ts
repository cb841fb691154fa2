import type { RuntimeFactory } from '@nnm/core';
import { startCpuRuntime } from '../litert/cpu-runtime.ts';
import type { LitertSettings } from '../settings.ts';
import { chooseBuildInPage, loadModuleInPage } from './load-module.ts';

const BACKEND = 'litert_wasm';

/**
 * Start LiteRT's WebAssembly in a worker of a page, which is served its builds in the folder `wasm` beside this module.
 *
 * @throws {@link RuntimeUnavailableError} when a file is missing or blocked, or the browser lacks what a setting asks for
 */
const start: RuntimeFactory<LitertSettings> = async (settings) => {
  const module = await loadModuleInPage(BACKEND, new URL('./wasm/', import.meta.url), chooseBuildInPage(BACKEND, settings));
  return startCpuRuntime(BACKEND, settings, module);
};

export default start;
