import { ConversionError, type Graph, type Implement } from '@nnm/core';
import { writeModel } from './flatbuffer/write.ts';
import { lowerGraph } from './lowering/lower-graph.ts';

/**
 * The bytes of a graph's `.tflite` file.
 *
 * @param backend - that errors name
 * @throws {@link InvalidGraphError} when the graph is not valid
 * @throws {@link ConversionError} for `torch`, whose padding this lowering does not follow
 */
export function convertGraph(backend: string, graph: Graph, implement: Implement): Uint8Array {
  if (implement !== 'tensorflow') {
    throw new ConversionError({ backend, graph: graph.name, problem: `it follows TensorFlow's padding, not that of ${implement}` });
  }
  return writeModel(lowerGraph(graph, backend));
}
