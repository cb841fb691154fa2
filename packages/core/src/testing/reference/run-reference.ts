import type { Tensor } from '../../backend/index.ts';
import { InvalidArgumentError } from '../../errors/index.ts';
import { drawWeights, type Graph, type Implement, inferShapes, type Shape, type ValueId } from '../../graph/index.ts';
import { operatorOf } from '../../graph/operators.ts';
import type { ReferenceValue } from '../../graph/reference-value.ts';

/**
 * Compute a graph slowly and plainly, in float64: what every backend's outputs are compared with.
 *
 * Weights are the graph's own (`drawWeights`), `same` padding is resolved as `implement` has it (`resolvePadding`); padded
 * pixels never win a maximum and are not counted in an average.
 *
 * @param inputs - one tensor per input of the graph
 * @returns one tensor per output of the graph, rounded to float32 once at the end
 * @throws {@link InvalidArgumentError} when an input is missing or has another shape
 */
export function runReference(graph: Graph, inputs: readonly Tensor[], implement: Implement): readonly Tensor[] {
  const shapes = inferShapes(graph);
  const values = new Map<ValueId, ReferenceValue>();
  graph.inputs.forEach(({ id, shape }, index) => {
    values.set(id, { shape, data: Float64Array.from(checkedInput(inputs, index, shape).data) });
  });
  for (const op of graph.ops) {
    const outputs = operatorOf(op).compute(op, {
      inputs: op.inputs.map((id) => values.get(id) as ReferenceValue),
      shapes: op.outputs.map((id) => shapes.get(id) as Shape),
      weights: drawWeights(graph, op, shapes),
      implement,
    });
    op.outputs.forEach((id, index) => {
      values.set(id, outputs[index] as ReferenceValue);
    });
  }
  return graph.outputs.map((id) => {
    const { shape, data } = values.get(id) as ReferenceValue;
    return { shape, data: Float32Array.from(data) };
  });
}

function checkedInput(inputs: readonly Tensor[], index: number, shape: Shape): Tensor {
  const input = inputs[index];
  const size = shape.reduce((product, n) => product * n, 1);
  if (input !== undefined && input.shape.join() === shape.join() && input.data.length === size) return input;
  const got = input === undefined ? 'none' : `[${input.shape.join(', ')}] with ${input.data.length} values`;
  throw new InvalidArgumentError({ name: `inputs[${index}]`, expected: `a tensor of shape [${shape.join(', ')}]`, got });
}
