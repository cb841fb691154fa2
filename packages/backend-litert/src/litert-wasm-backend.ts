import { type BrowserRuntime, siblingModule } from '@nnm/core';
import { LitertBackend } from './litert-backend.ts';
import { wasmFolder } from './node/litert-package.ts';
import { WASM_SETTINGS_TEMPLATE } from './settings.ts';

/** LiteRT on the CPU by WebAssembly: in Node, and in a browser as pages run it. */
export class LitertWasmBackend extends LitertBackend {
  readonly id = 'litert_wasm';
  readonly description = 'LiteRT.js with XNNPACK in WebAssembly, in Node or a browser';
  readonly settingsTemplate = WASM_SETTINGS_TEMPLATE;
  readonly runtime = siblingModule(import.meta.url, 'runtime');
  override readonly browser: BrowserRuntime = {
    module: siblingModule(import.meta.url, 'browser/litert-wasm'),
    folders: { wasm: wasmFolder() },
  };
}

/** The `litert_wasm` backend. */
export const litertWasm = new LitertWasmBackend();
