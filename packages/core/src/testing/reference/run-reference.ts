import type { Tensor } from '../../backend/index.ts';
import { InvalidArgumentError } from '../../errors/index.ts';
import { drawWeights, type Graph, type Implement, inferShapes, type Op, type Shape, type Shapes, type ValueId } from '../../graph/index.ts';
import { channelShuffle, concat, globalAvgPool, split } from './channel-ops.ts';
import { activation, batchNorm, binary, dense } from './element-ops.ts';
import type { Value } from './values.ts';
import { avgPool, conv2d, depthwiseConv2d, maxPool } from './window-ops.ts';

/**
 * Compute a graph slowly and plainly, in float64: what every backend's outputs are compared with.
 *
 * Weights are the graph's own (`drawWeights`), `same` padding is resolved as `implement` has it (`resolvePadding`); padded
 * pixels never win a maximum and are not counted in an average.
 *
 * @param inputs - one tensor per input of the graph, `[n, h, w, c]` or `[n, c]`
 * @returns one tensor per output of the graph, rounded to float32 once at the end
 * @throws {@link InvalidArgumentError} when an input is missing or has another shape
 */
export function runReference(graph: Graph, inputs: readonly Tensor[], implement: Implement): readonly Tensor[] {
  const shapes = inferShapes(graph);
  const values = new Map<ValueId, Value>();
  graph.inputs.forEach(({ id, shape }, index) => {
    values.set(id, { shape, data: Float64Array.from(checkedInput(inputs, index, shape).data) });
  });
  for (const op of graph.ops) {
    const outputs = runOp(
      graph,
      op,
      op.inputs.map((id) => values.get(id) as Value),
      shapes,
      implement,
    );
    op.outputs.forEach((id, index) => {
      values.set(id, outputs[index] as Value);
    });
  }
  return graph.outputs.map((id) => {
    const { shape, data } = values.get(id) as Value;
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

function runOp(graph: Graph, op: Op, inputs: readonly Value[], shapes: Shapes, implement: Implement): readonly Value[] {
  const x = inputs[0] as Value;
  const outputs = op.outputs.map((id) => shapes.get(id) as Shape);
  const shape = outputs[0] as Shape;
  switch (op.op) {
    case 'conv2d':
      return [conv2d(op, x, drawWeights(graph, op, shapes), shape, implement)];
    case 'depthwiseConv2d':
      return [depthwiseConv2d(op, x, drawWeights(graph, op, shapes), shape, implement)];
    case 'batchNorm':
      return [batchNorm(op, x, drawWeights(graph, op, shapes))];
    case 'activation':
      return [activation(x, op.function)];
    case 'maxPool':
      return [maxPool(op, x, shape, implement)];
    case 'avgPool':
      return [avgPool(op, x, shape, implement)];
    case 'globalAvgPool':
      return [globalAvgPool(x, shape)];
    case 'dense':
      return [dense(x, drawWeights(graph, op, shapes), shape)];
    case 'flatten':
      return [{ shape, data: x.data }];
    case 'concat':
      return [concat(inputs, shape)];
    case 'split':
      return split(x, outputs);
    case 'channelShuffle':
      return [channelShuffle(x, op.groups)];
    case 'add':
    case 'mul':
      return [binary(op.op, x, inputs[1] as Value)];
  }
}
