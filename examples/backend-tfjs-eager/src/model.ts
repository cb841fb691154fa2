import { type Graph, inferShapes, NnmError, RuntimeFailureError } from '@nnm/core';

const FORMAT = 'nnm-tfjs-eager-1';

/** The bytes of a model file: the graph as JSON. Weights are drawn from its seed when it is loaded. */
export function encodeModel(graph: Graph): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ format: FORMAT, graph }));
}

/** @throws {@link RuntimeFailureError} when the bytes are no model of this backend */
export function decodeModel(backend: string, bytes: Uint8Array): Graph {
  const fail = (reason: string, cause?: unknown): never => {
    throw new RuntimeFailureError({ backend, doing: 'loading a model', reason }, { cause });
  };
  try {
    const { format, graph } = JSON.parse(new TextDecoder().decode(bytes)) as { format?: unknown; graph: Graph };
    if (format !== FORMAT) fail(`the file has the format ${String(format)}, not ${FORMAT}`);
    inferShapes(graph);
    return graph;
  } catch (cause) {
    return fail(NnmError.isInstance(cause) ? cause.message : 'the bytes are not a model', cause);
  }
}
