import type { Runtime } from '@nnm/core';
import { version_core } from '@tensorflow/tfjs-core';
import type { TfjsGpuSettings } from '../settings.ts';
import { timestampQueue, wallQueue } from './gpu-queue.ts';
import { tfjsRuntime } from './start-runtime.ts';
import type { Tfjs } from './tfjs.ts';

/** A GPU that TensorFlow.js was started on. */
interface StartedGpu {
  readonly tf: Tfjs;
  readonly backend: string;
  readonly name: string;
  /** As it calls itself. */
  readonly gpu: string;
  /** Further facts. */
  readonly options: Readonly<Record<string, number | boolean>>;
  /** Whether it says that it has timestamps; whether they work is found out. */
  readonly hasTimestamps: boolean;
  /** Why it is gone, once it is. */
  readonly lost: () => string | undefined;
  readonly settings: TfjsGpuSettings;
}

/** A runtime on a GPU, timed by its timestamps where it has them and the settings do not say otherwise. */
export async function startGpu({ tf, backend, name, gpu, options, hasTimestamps, lost, settings }: StartedGpu): Promise<Runtime> {
  const timestamps = settings.CLOCK === 'auto' && hasTimestamps ? await timestampQueue(tf) : undefined;
  const info = {
    runtime: 'TensorFlow.js',
    version: version_core,
    threads: 1,
    options: {
      backend: name,
      gpu,
      ...options,
      software: /swiftshader|llvmpipe|software|basic render/i.test(gpu),
      clock: timestamps === undefined ? 'wall' : 'gpu timestamps',
    },
    timing:
      timestamps === undefined
        ? 'from the call until one element of the result is read back; the queue is empty before the next run'
        : 'time on the GPU by its own timestamps; the queue is empty before the next run',
  };
  return tfjsRuntime({ tf, backend, name, info, gpu: timestamps ?? wallQueue(tf), lost }, settings);
}
