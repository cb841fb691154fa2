import { Rng } from '../random/index.ts';
import type { Shapes } from './infer-shapes.ts';
import type { Graph, Op, Shape } from './types.ts';

/** One constant of an op. */
export interface WeightTensor {
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** Constants of an op by name: `kernel` and `bias`, or `gamma`, `beta`, `mean`, `variance`. */
export type OpWeights = Readonly<Record<string, WeightTensor>>;

/** How one constant is drawn: uniformly in `center ± spread`. */
interface WeightSpec {
  readonly shape: Shape;
  readonly center: number;
  readonly spread: number;
}

/**
 * Draw the constants of one op.
 *
 * Kernels are uniform with variance `2 / fanIn` (He), batch-norm scales near 1, biases and means near 0, so that activations
 * of deep networks stay finite, normal numbers. Values depend on the graph's seed and the op's output name only and are the
 * same on every platform.
 *
 * @param shapes - from `inferShapes(graph)`
 * @returns `kernel`: `[kh, kw, cin / groups, filters]` (conv2d), `[kh, kw, c]` (depthwiseConv2d), `[c, units]` (dense);
 * `bias`: `[filters]`; batch norm: `gamma beta mean variance`, each `[c]`; `{}` for ops without constants
 */
export function drawWeights(graph: Graph, op: Op, shapes: Shapes): OpWeights {
  const specs = weightSpecs(op, shapes.get(op.inputs[0] as string) as Shape);
  const rng = new Rng(graph.seed).fork(op.outputs[0] as string);
  return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, { shape: spec.shape, data: draw(rng.fork(name), spec) }]));
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

/** Uniform values with 24 random bits each; one multiply-add per element, exactly rounded to float32. */
function draw(rng: Rng, { shape, center, spread }: WeightSpec): Float32Array {
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
  const step = spread / 0x80_0000;
  let x = rng.uint32() | 1;
  for (let i = 0; i < data.length; i++) {
    // xorshift32: the fastest generator that is good enough for weights, which only have to be spread evenly.
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    data[i] = center + ((x >> 8) + 0.5) * step;
  }
  return data;
}
