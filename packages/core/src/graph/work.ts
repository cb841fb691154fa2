import { inferShapes, type Shapes } from './infer-shapes.ts';
import { operatorOf } from './operators.ts';
import type { Graph, Op, Shape, Work } from './types.ts';
import { countElements } from './values.ts';
import { weightSpecs } from './weights.ts';

/** Bytes of so many float32 elements. */
export const floatBytes = (elements: number): number => 4 * elements;

/**
 * Count the work of a graph: operations, parameters and bytes moved (see {@link Work}).
 *
 * Element-wise ops count 1 operation per output element (batch norm 2, hswish and swish 4), pooling one per window pixel.
 *
 * @param shapes - what `inferShapes` says of the graph, for who has asked it already
 */
export function countWork(graph: Graph, shapes: Shapes = inferShapes(graph)): Work {
  const shapeOf = (id: string): Shape => shapes.get(id) as Shape;
  let flops = 0;
  let params = 0;
  let constants = 0;
  for (const op of graph.ops) {
    flops += operatorOf(op).flops(op, op.inputs.map(shapeOf), op.outputs.map(shapeOf));
    for (const { shape, isParameter = true } of Object.values(weightSpecs(op, shapes))) {
      constants += countElements(shape);
      if (isParameter) params += countElements(shape);
    }
  }
  const activations = [...graph.inputs.map(({ id }) => id), ...graph.outputs].reduce((sum, id) => sum + countElements(shapeOf(id)), 0);
  return { flops, params, bytes: floatBytes(activations + constants) };
}

/** Multiply-adds of convolutions and matrix products, biases left out: the count that papers publish. */
export function countMultiplyAdds(graph: Graph): number {
  const shapes = inferShapes(graph);
  const shapeOf = (id: string): Shape => shapes.get(id) as Shape;
  const multiplyAdds = (op: Op): number => operatorOf(op).multiplyAdds?.(op, op.inputs.map(shapeOf), op.outputs.map(shapeOf)) ?? 0;
  return graph.ops.reduce((sum, op) => sum + multiplyAdds(op), 0);
}
