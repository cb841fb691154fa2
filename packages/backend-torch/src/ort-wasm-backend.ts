import { type BrowserRuntime, type NnmError, siblingModule } from '@nnm/core';
import { OrtBackend } from './ort-backend.ts';
import { WEB_PACKAGE, webFolder, webPackageMissing } from './web/web-package.ts';
import { webSettingsTemplate } from './web/web-settings.ts';

/** ONNX Runtime on the CPU by WebAssembly: in Node, and in a browser as pages run it. */
class OrtWasmBackend extends OrtBackend {
  readonly id = 'ort_wasm';
  readonly description = 'ONNX Runtime Web in WebAssembly, in Node or a browser';
  readonly settingsTemplate = webSettingsTemplate('ONNX Runtime Web in WebAssembly (ort_wasm)');
  readonly runtime = siblingModule(import.meta.url, 'runtime-wasm');
  override readonly browser: BrowserRuntime = { module: siblingModule(import.meta.url, 'browser/ort-wasm'), folders: { ort: webFolder() } };

  override readonly runtimePeers = [WEB_PACKAGE];

  /** The package of its runtime is left to the user. */
  override whyNot(): NnmError | undefined {
    return webPackageMissing(this.id);
  }
}

/** The backend `ort_wasm`. */
export const ortWasm = new OrtWasmBackend();
