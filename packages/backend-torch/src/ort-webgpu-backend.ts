import { type BrowserRuntime, siblingModule } from '@nnm/core';
import { OrtBackend } from './ort-backend.ts';
import { webFolder } from './web/web-package.ts';
import { webSettingsTemplate } from './web/web-settings.ts';

/** ONNX Runtime on a GPU by WebGPU: of onnxruntime-node in Node, of onnxruntime-web in a browser. */
class OrtWebgpuBackend extends OrtBackend {
  readonly id = 'ort_webgpu';
  readonly description = 'ONNX Runtime on WebGPU, in a browser or Node';
  readonly settingsTemplate = webSettingsTemplate('ONNX Runtime on WebGPU (ort_webgpu)');
  override readonly usesAccelerator = true;
  readonly runtime = siblingModule(import.meta.url, 'runtime-webgpu');
  override readonly browser: BrowserRuntime = {
    module: siblingModule(import.meta.url, 'browser/ort-webgpu'),
    folders: { ort: webFolder() },
  };
}

/** The backend `ort_webgpu`. */
export const ortWebgpu = new OrtWebgpuBackend();
