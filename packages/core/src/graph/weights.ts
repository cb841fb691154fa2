import { Rng } from '../random/index.ts';
import { type Distribution, DrawnTensor } from './drawn-tensor.ts';
import type { Shapes } from './infer-shapes.ts';
import type { Graph, Op, Shape } from './types.ts';

/** One constant of an op, its elements in the order of `shape`. */
export interface WeightTensor {
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** Constants of an op by name: `kernel` and `bias`, or `gamma`, `beta`, `mean`, `variance`. */
export type OpWeights = Readonly<Record<string, WeightTensor>>;

/** The drawn constants of an op by name. */
export type DrawnWeights = Readonly<Record<string, DrawnTensor>>;

/** One constant to draw. */
interface WeightSpec extends Distribution {
  readonly shape: Shape;
}

/**
 * Draw the constants of one op.
 *
 * Kernels are uniform with variance `2 / fanIn` (He), batch-norm scales near 1, biases and means near 0, so that activations
 * of deep networks stay finite, normal numbers. Values depend on the graph's seed and the op's output name only and are the
 * same on every platform. Each constant is drawn when its values are first asked for.
 *
 * @param shapes - from `inferShapes(graph)`
 * @returns `kernel`: `[kh, kw, cin / groups, filters]` (conv2d), `[kh, kw, c]` (depthwiseConv2d), `[c, units]` (dense);
 * `bias`: `[filters]`; batch norm: `gamma beta mean variance`, each `[c]`; `{}` for ops without constants
 */
export function drawWeights(graph: Graph, op: Op, shapes: Shapes): DrawnWeights {
  const specs = weightSpecs(op, shapes.get(op.inputs[0] as string) as Shape);
  const rng = new Rng(graph.seed).fork(op.outputs[0] as string);
  return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, new DrawnTensor(spec.shape, spec, rng.fork(name))]));
}

/** Constants an op has, by name, with their shapes; the same names and order as {@link drawWeights}. */
export function weightShapes(op: Op, input: Shape): Readonly<Record<string, Shape>> {
  return Object.fromEntries(Object.entries(weightSpecs(op, input)).map(([name, { shape }]) => [name, shape]));
}

function weightSpecs(op: Op, input: Shape): Readonly<Record<string, WeightSpec>> {
  const channels = input[input.length - 1] as number;
  switch (op.op) {
    case 'conv2d':
      return kernelAndBias([...op.kernelSize, channels / op.groups, op.filters], op.filters, op.useBias);
    case 'depthwiseConv2d':
      return kernelAndBias([...op.kernelSize, channels], channels, op.useBias, op.kernelSize[0] * op.kernelSize[1]);
    case 'dense':
      return kernelAndBias([channels, op.units], op.units, op.useBias);
    case 'batchNorm':
      return {
        gamma: { shape: [channels], center: 1, spread: 0.2 },
        beta: { shape: [channels], center: 0, spread: 0.1 },
        mean: { shape: [channels], center: 0, spread: 0.1 },
        variance: { shape: [channels], center: 1, spread: 0.2 },
      };
    default:
      return {};
  }
}

function kernelAndBias(shape: Shape, outputs: number, useBias: boolean, fanIn?: number): Readonly<Record<string, WeightSpec>> {
  const inputs = fanIn ?? shape.slice(0, -1).reduce((product, size) => product * size, 1);
  return {
    kernel: { shape, center: 0, spread: Math.sqrt(6 / inputs) },
    ...(useBias && { bias: { shape: [outputs], center: 0, spread: 0.1 } }),
  };
}
