import { type BrowserRuntime, type Graph, type Implement, type Runtime, RuntimeUnavailableError, siblingModule } from '@nnm/core';
import { LitertBackend } from './litert-backend.ts';
import { wasmFolder } from './node/litert-package.ts';
import { refuseWrong, wrongOnGpu } from './refusals.ts';
import { WEBGPU_SETTINGS_TEMPLATE } from './settings.ts';

/** LiteRT on the GPU by WebGPU: in browsers only. */
class LitertWebgpuBackend extends LitertBackend {
  readonly id = 'litert_webgpu';
  readonly description = "LiteRT.js on a browser's WebGPU";
  readonly settingsTemplate = WEBGPU_SETTINGS_TEMPLATE;
  override readonly usesAccelerator = true;
  readonly runtime = (): Runtime => {
    throw this.whyNot();
  };
  override readonly browser: BrowserRuntime = {
    module: siblingModule(import.meta.url, 'browser/litert-webgpu'),
    folders: { wasm: wasmFolder() },
    only: true,
  };

  /**
   * @throws {@link UnsupportedOperatorError} for what its GPU delegate computes wrong
   * @throws what {@link LitertBackend.convert} throws
   */
  override convert(graph: Graph, implement?: Implement): Uint8Array {
    refuseWrong(this.id, graph, wrongOnGpu);
    return super.convert(graph, implement);
  }

  /** It runs in browsers only. */
  override whyNot(): RuntimeUnavailableError {
    const hint = 'Set DEVICE: browser in configs/backend_config.yaml, or use ort_webgpu, which runs in Node too.';
    return new RuntimeUnavailableError({ backend: this.id, reason: 'Node has no WebGPU that LiteRT.js can use', hint });
  }
}

/** The `litert_webgpu` backend. */
export const litertWebgpu = new LitertWebgpuBackend();
