import { inferShapes } from './infer-shapes.ts';
import type { Graph, Op, Shape, Work } from './types.ts';
import { weightShapes } from './weights.ts';

const elements = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);
const BYTES_PER_FLOAT = 4;

/**
 * Count the work of a graph: operations, parameters and bytes moved (see {@link Work}).
 *
 * Element-wise ops count 1 operation per output element (batch norm 2, hswish and swish 4), pooling one per window pixel.
 */
export function countWork(graph: Graph): Work {
  const shapes = inferShapes(graph);
  const shapeOf = (id: string): Shape => shapes.get(id) as Shape;
  let flops = 0;
  let params = 0;
  let constants = 0;
  for (const op of graph.ops) {
    const inputs = op.inputs.map(shapeOf);
    const weights = Object.values(weightShapes(op, inputs[0] as Shape)).reduce((sum, shape) => sum + elements(shape), 0);
    flops += opFlops(op, inputs, op.outputs.map(shapeOf));
    params += op.op === 'batchNorm' ? weights / 2 : weights;
    constants += weights;
  }
  const activations = [...graph.inputs.map(({ id }) => id), ...graph.outputs].reduce((sum, id) => sum + elements(shapeOf(id)), 0);
  return { flops, params, bytes: BYTES_PER_FLOAT * (activations + constants) };
}

/** Multiply-adds of convolutions and fully connected layers, biases left out: the count that papers publish. */
export function countMultiplyAdds(graph: Graph): number {
  const shapes = inferShapes(graph);
  return graph.ops.reduce(
    (sum, op) => sum + multiplyAdds(op, shapes.get(op.inputs[0] as string) as Shape, shapes.get(op.outputs[0] as string) as Shape),
    0,
  );
}

function multiplyAdds(op: Op, input: Shape, output: Shape): number {
  const channels = input[input.length - 1] as number;
  switch (op.op) {
    case 'conv2d':
      return elements(output) * op.kernelSize[0] * op.kernelSize[1] * (channels / op.groups);
    case 'depthwiseConv2d':
      return elements(output) * op.kernelSize[0] * op.kernelSize[1];
    case 'dense':
      return elements(output) * channels;
    default:
      return 0;
  }
}

function opFlops(op: Op, inputs: readonly Shape[], outputs: readonly Shape[]): number {
  const input = inputs[0] as Shape;
  const output = outputs[0] as Shape;
  switch (op.op) {
    case 'conv2d':
    case 'depthwiseConv2d':
    case 'dense':
      return 2 * multiplyAdds(op, input, output) + (op.useBias ? elements(output) : 0);
    case 'batchNorm':
      return 2 * elements(output);
    case 'activation':
      return (op.function === 'relu' || op.function === 'relu6' ? 1 : 4) * elements(output);
    case 'maxPool':
    case 'avgPool':
      return op.kernelSize[0] * op.kernelSize[1] * elements(output);
    case 'globalAvgPool':
      return elements(input);
    case 'add':
    case 'mul':
      return elements(output);
    case 'flatten':
    case 'concat':
    case 'split':
    case 'channelShuffle':
      return 0;
  }
}
