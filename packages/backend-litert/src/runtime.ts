import type { RuntimeFactory } from '@nnm/core';
import { startCpuRuntime } from './litert/cpu-runtime.ts';
import { loadModuleInNode } from './node/load-module.ts';
import type { LitertSettings } from './settings.ts';

const BACKEND = 'litert_wasm';

/**
 * Start LiteRT's WebAssembly in this process.
 *
 * @throws {@link RuntimeUnavailableError} when it is not installed whole, or this Node lacks what a setting asks for
 */
const start: RuntimeFactory<LitertSettings> = async (settings) =>
  startCpuRuntime(BACKEND, settings, await loadModuleInNode(BACKEND, settings));

export default start;
