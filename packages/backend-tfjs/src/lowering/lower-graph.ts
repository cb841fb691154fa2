import { ConversionError, type Graph, inferShapes, type Shapes, UnsupportedOperatorError } from '@nnm/core';
import { GraphModelBuilder } from '../graph-model/graph-model-builder.ts';
import { VERSION } from '../version.ts';
import { fuseOps } from './fuse.ts';
import { LOWERINGS } from './lowerings.ts';
import { OpWriter } from './op-writer.ts';

/**
 * Lower a graph to a graph model as TensorFlow's Keras and `tensorflowjs_converter` would.
 *
 * @param backend - that errors name
 * @param mostAxes - of values, on a backend that is wrong about more; default as many as a graph can have
 * @returns the bytes of the file
 * @throws {@link InvalidGraphError} when the graph is not valid
 * @throws {@link UnsupportedOperatorError} naming an operator that has no lowering
 * @throws {@link ConversionError} when the file would be too large
 */
export function lowerGraph(graph: Graph, backend: string, mostAxes?: number): Uint8Array {
  const shapes = inferShapes(graph);
  if (mostAxes !== undefined) checkAxes(graph, shapes, backend, mostAxes);
  const model = new GraphModelBuilder(VERSION);
  for (const { id, shape } of graph.inputs) model.input(id, shape);
  for (const fused of fuseOps(graph, shapes)) {
    const lowering = LOWERINGS.get(fused.op.op);
    if (lowering === undefined) throw new UnsupportedOperatorError({ backend, graph: graph.name, operator: fused.op.op });
    lowering.lower(new OpWriter({ backend, graph, shapes, model }, fused), fused.op);
  }
  try {
    return model.build(
      graph.inputs.map(({ id, shape }) => [id, shape]),
      graph.outputs.map((id) => [id, shapes.get(id)!]),
    );
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ConversionError({ backend, graph: graph.name, problem: cause.message }, { cause });
  }
}

function checkAxes(graph: Graph, shapes: Shapes, backend: string, most: number): void {
  const over = graph.ops.find(({ inputs, outputs }) => [...inputs, ...outputs].some((id) => shapes.get(id)!.length > most));
  if (over === undefined) return;
  const reason = `it gives wrong results over more than ${most} axes`;
  throw new UnsupportedOperatorError({ backend, graph: graph.name, operator: over.op, reason });
}
