import { type RuntimeFactory, RuntimeUnavailableError } from '@nnm/core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import '@tensorflow/tfjs-backend-webgpu';
import { loadGraphModelSync } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { startGpu } from '../runtime/start-gpu.ts';
import type { TfjsGpuSettings } from '../settings.ts';

const BACKEND = 'tfjs_webgpu';

/**
 * Start TensorFlow.js on WebGPU in a page.
 *
 * @throws {@link RuntimeUnavailableError} where there is no WebGPU, or no adapter for it
 */
const startWebgpu: RuntimeFactory<TfjsGpuSettings> = async (settings) => {
  const unavailable = (reason: string, hint: string, cause?: unknown): RuntimeUnavailableError =>
    new RuntimeUnavailableError({ backend: BACKEND, reason, hint }, { cause });
  const refused = (cause?: unknown): never => {
    throw unavailable('TensorFlow.js could not start on this WebGPU adapter', 'Use tfjs_webgl or tfjs_wasm.', cause);
  };
  const { gpu } = navigator as { readonly gpu?: GPU };
  if (gpu === undefined) {
    throw unavailable('this browser has no WebGPU', 'Use a newer browser, over https or on localhost, or tfjs_webgl.');
  }
  if ((await gpu.requestAdapter()) === null) {
    throw unavailable('WebGPU has no adapter here', 'Open chrome://gpu to see why, or use tfjs_webgl.');
  }
  if (!(await tf.setBackend('webgpu').catch(refused))) refused();
  const { adapterInfo, device } = tf.backend() as WebGPUBackend;
  let lost: string | undefined;
  void device.lost.then(({ message, reason }) => {
    lost = `the GPU device was lost (${message || reason})`;
  });
  const { vendor, architecture } = adapterInfo as unknown as GPUAdapterInfo;
  return startGpu({
    tf: { ...tf, loadGraphModelSync },
    backend: BACKEND,
    name: 'webgpu',
    gpu: [vendor, architecture].filter((part) => part).join(' ') || 'unknown',
    options: {},
    hasTimestamps: device.features.has('timestamp-query'),
    lost: () => lost,
    settings,
  });
};

export default startWebgpu;
