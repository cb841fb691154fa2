import { type RuntimeFactory, RuntimeUnavailableError } from '@nnm/core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgl';
import { loadGraphModelSync } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { startGpu } from '../runtime/start-gpu.ts';
import type { TfjsGpuSettings } from '../settings.ts';

const BACKEND = 'tfjs_webgl';

/**
 * Start TensorFlow.js on WebGL in a page.
 *
 * @throws {@link RuntimeUnavailableError} where there is no WebGL
 */
const startWebgl: RuntimeFactory<TfjsGpuSettings> = async (settings) => {
  const refused = (cause?: unknown): never => {
    const hint = 'Open chrome://gpu or about:support to see why, or use tfjs_wasm.';
    throw new RuntimeUnavailableError({ backend: BACKEND, reason: 'this browser has no WebGL for it', hint }, { cause });
  };
  if (!(await tf.setBackend('webgl').catch(refused))) refused();
  const version = tf.env().getNumber('WEBGL_VERSION');
  const { gl } = (tf.backend() as MathBackendWebGL).getGPGPUContext();
  const names = gl.getExtension('WEBGL_debug_renderer_info');
  const gpu = String(gl.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
  return startGpu({
    tf: { ...tf, loadGraphModelSync },
    backend: BACKEND,
    name: 'webgl',
    gpu,
    options: { webglVersion: version, float32: tf.env().getBool('WEBGL_RENDER_FLOAT32_ENABLED') },
    hasTimestamps: tf.env().getNumber('WEBGL_DISJOINT_QUERY_TIMER_EXTENSION_VERSION') > 0,
    lost: () => (gl.isContextLost() ? 'its WebGL context was lost' : undefined),
    settings,
  });
};

export default startWebgl;
