import { type Graph, inferShapes, readOps, UnsupportedOperatorError } from '@nnm/core';
import type { Model } from '../flatbuffer/schema.ts';
import type { LazyBytes } from '../flatbuffer/table.ts';
import { type LoweringContext, tensorOf } from './context.ts';
import { fuseOps } from './fuse.ts';
import { isNonNegative } from './lowering.ts';
import { LOWERINGS } from './lowerings.ts';
import { ModelBuilder } from './model-builder.ts';

/**
 * Lower a graph to a TensorFlow Lite model as TensorFlow's own converter would: batch normalisation folded into the weights
 * before it, ReLU and ReLU6 fused, `SAME` padding left to the operator, what reaches no output left out.
 *
 * @param backend - that errors name
 * @throws {@link InvalidGraphError} when the graph is not valid
 * @throws {@link UnsupportedOperatorError} naming an operator that has no lowering
 */
export function lowerGraph(graph: Graph, backend = 'tflite'): Model<Uint8Array | LazyBytes> {
  const shapes = inferShapes(graph);
  const model = new ModelBuilder();
  const context: LoweringContext = { backend, graph, shapes, model, nonNegative: new Set() };
  const inputs = graph.inputs.map(({ id }) => tensorOf(context, id));
  // XNNPACK ends the process over a value that nobody reads.
  for (const fused of fuseOps({ ...graph, ops: readOps(graph) })) {
    const { op } = fused;
    const lowering = LOWERINGS.get(op.op);
    if (lowering === undefined) throw new UnsupportedOperatorError({ backend, graph: graph.name, operator: op.op });
    lowering.lower(context, op, fused);
    if (isNonNegative(lowering, fused, context.nonNegative)) for (const id of fused.outputs) context.nonNegative.add(id);
  }
  return model.build(
    graph.name,
    inputs,
    graph.outputs.map((id) => tensorOf(context, id)),
  );
}
