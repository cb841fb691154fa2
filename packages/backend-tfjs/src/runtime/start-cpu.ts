import type { Runtime } from '@nnm/core';
import '@tensorflow/tfjs-backend-cpu';
import { loadGraphModelSync } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type { TfjsSettings } from '../settings.ts';
import { tfjsRuntime } from './start-runtime.ts';

const BACKEND = 'tfjs_cpu';

/** Start TensorFlow.js on its plain JavaScript kernels, in Node or a browser. */
export default async function startCpu(settings: TfjsSettings): Promise<Runtime> {
  await tf.setBackend('cpu');
  // Its first tensor would print an advertisement of tfjs-node.
  (tf.backend() as unknown as { firstUse: boolean }).firstUse = false;
  const info = { runtime: 'TensorFlow.js', version: tf.version_core, threads: 1, options: { backend: 'cpu' } };
  return tfjsRuntime({ tf: { ...tf, loadGraphModelSync }, backend: BACKEND, name: 'cpu', info }, settings);
}
