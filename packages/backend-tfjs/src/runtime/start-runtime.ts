import type { LoadedModel, Runtime, RuntimeInfo } from '@nnm/core';
import type { TfjsSettings } from '../settings.ts';
import type { GpuQueue } from './gpu-queue.ts';
import { loadModel, type ModelHost } from './loaded-model.ts';
import type { Tfjs } from './tfjs.ts';

/** One of TensorFlow.js's backends, started. */
export interface StartedBackend {
  readonly tf: Tfjs;
  /** Id of nnm's backend. */
  readonly backend: string;
  /** TensorFlow.js's own name of it. */
  readonly name: string;
  readonly info: RuntimeInfo;
  readonly gpu?: GpuQueue;
  /** See `Runtime`. */
  readonly lost?: () => string | undefined;
}

/** A runtime that runs graph models on a started backend. */
export function tfjsRuntime({ tf, backend, name, info, gpu, lost }: StartedBackend, settings: TfjsSettings): Runtime {
  const models = new Set<LoadedModel>();
  const select = (): void => {
    // Started already, so this takes effect at once.
    if (tf.getBackend() !== name) void tf.setBackend(name);
  };
  const host: ModelHost = { tf, backend, select, ...(gpu && { gpu }) };
  return {
    info,
    load(bytes) {
      const model = loadModel(host, bytes, settings, () => models.delete(model));
      models.add(model);
      return model;
    },
    close() {
      for (const model of models) void model.close();
    },
    ...(gpu?.now && { now: gpu.now }),
    ...(lost && { lost }),
  };
}
