import { NnmError, RuntimeFailureError } from '@nnm/core';
import { readModelFile } from '../file/model-file.ts';
import type { Tfjs, TfjsGraphModel } from './tfjs.ts';

/**
 * A graph model out of the bytes of its file.
 *
 * @throws {@link RuntimeFailureError} when they are none, or TensorFlow.js refuses it
 */
export function loadGraphModel(tf: Tfjs, backend: string, bytes: Uint8Array): TfjsGraphModel {
  try {
    return tf.loadGraphModelSync(tf.io.fromMemorySync(readModelFile(bytes) as unknown as Parameters<Tfjs['io']['fromMemorySync']>[0]));
  } catch (cause) {
    if (NnmError.isInstance(cause)) throw cause;
    throw failure(backend, 'loading a model', cause);
  }
}

/** What TensorFlow.js threw, as an error of nnm's. */
export function failure(backend: string, doing: string, cause: unknown): RuntimeFailureError {
  const reason = (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '');
  return new RuntimeFailureError({ backend, doing, reason }, { cause });
}
