import { type BrowserRuntime, type Graph, type Implement, siblingModule } from '@nnm/core';
import { LitertBackend } from './litert-backend.ts';
import { wasmFolder } from './node/litert-package.ts';
import { refuseWrong, wrongOnCpu } from './refusals.ts';
import { WASM_SETTINGS_TEMPLATE } from './settings.ts';
import { CPU_OPERATOR_SUPPORT } from './xnnpack-operators.ts';

/** LiteRT on the CPU by WebAssembly: in Node, and in a browser as pages run it. */
export class LitertWasmBackend extends LitertBackend {
  readonly id = 'litert_wasm';
  readonly description = 'LiteRT.js with XNNPACK in WebAssembly, in Node or a browser';
  override readonly operators = CPU_OPERATOR_SUPPORT;
  readonly settingsTemplate = WASM_SETTINGS_TEMPLATE;
  readonly runtime = siblingModule(import.meta.url, 'runtime');
  override readonly browser: BrowserRuntime = {
    module: siblingModule(import.meta.url, 'browser/litert-wasm'),
    folders: { wasm: wasmFolder() },
  };

  /**
   * @throws {@link UnsupportedOperatorError} for what its XNNPACK computes wrong
   * @throws what {@link LitertBackend.convert} throws
   */
  override convert(graph: Graph, implement?: Implement): Uint8Array {
    refuseWrong(this.id, graph, wrongOnCpu);
    return super.convert(graph, implement);
  }
}

/** The `litert_wasm` backend. */
export const litertWasm = new LitertWasmBackend();
