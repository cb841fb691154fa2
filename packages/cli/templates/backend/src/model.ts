import { type Graph, type Implement, inferShapes, NnmError, RuntimeFailureError } from '@nnm/core';

/** The model file of this example: the graph itself. Yours will be what your runtime loads. */
export interface Model {
  readonly graph: Graph;
  readonly implement: Implement;
}

/** The bytes of a model file; equal graphs must give equal bytes. */
export function encodeModel(model: Model): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(model));
}

/** @throws {@link RuntimeFailureError} when the bytes are no model */
export function decodeModel(backend: string, bytes: Uint8Array): Model {
  try {
    const model = JSON.parse(new TextDecoder().decode(bytes)) as Model;
    inferShapes(model.graph);
    return model;
  } catch (cause) {
    const reason = NnmError.isInstance(cause) ? cause.message : 'the bytes are not a model';
    throw new RuntimeFailureError({ backend, doing: 'loading a model', reason }, { cause });
  }
}
