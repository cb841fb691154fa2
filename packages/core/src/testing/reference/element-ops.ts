import type { ActivationFunction, BatchNormOp, OpWeights, Shape } from '../../graph/index.ts';
import { channelsOf, emptyValue, type Value } from './values.ts';

const relu6 = (x: number): number => Math.min(Math.max(x, 0), 6);
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const ACTIVATIONS: Readonly<Record<ActivationFunction, (x: number) => number>> = {
  relu: (x) => Math.max(x, 0),
  relu6,
  hswish: (x) => (x * relu6(x + 3)) / 6,
  hsigmoid: (x) => relu6(x + 3) / 6,
  sigmoid,
  swish: (x) => x * sigmoid(x),
};

/** An activation function on every element. */
export function activation(x: Value, name: ActivationFunction): Value {
  return { shape: x.shape, data: x.data.map(ACTIVATIONS[name]) };
}

/** `gamma * (x - mean) / sqrt(variance + epsilon) + beta` per channel. */
export function batchNorm(op: BatchNormOp, x: Value, weights: OpWeights): Value {
  const [gamma, beta, mean, variance] = ['gamma', 'beta', 'mean', 'variance'].map((name) => weights[name]!.data) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const channels = channelsOf(x);
  const data = x.data.map((value, i) => {
    const c = i % channels;
    return (gamma[c]! * (value - mean[c]!)) / Math.sqrt(variance[c]! + op.epsilon) + beta[c]!;
  });
  return { shape: x.shape, data };
}

/** Element-wise on equal shapes, or a second operand `[n, 1, 1, c]`. */
export function binary(name: 'add' | 'mul', a: Value, b: Value): Value {
  const batches = a.shape[0] as number;
  const channels = channelsOf(a);
  const perChannel = b.data.length !== a.data.length;
  const perBatch = a.data.length / batches;
  const data = a.data.map((value, i) => {
    const other = b.data[perChannel ? Math.floor(i / perBatch) * channels + (i % channels) : i]!;
    return name === 'add' ? value + other : value * other;
  });
  return { shape: a.shape, data };
}

/** Fully connected layer; weight `[c, units]`. */
export function dense(x: Value, weights: OpWeights, shape: Shape): Value {
  const output = emptyValue(shape);
  const kernel = weights.kernel!.data;
  const [batches, inputs] = x.shape as readonly [number, number];
  const units = channelsOf(output);
  for (let n = 0; n < batches; n++) {
    if (weights.bias) output.data.set(weights.bias.data, n * units);
    for (let i = 0; i < inputs; i++) {
      const value = x.data[n * inputs + i]!;
      for (let unit = 0; unit < units; unit++) output.data[n * units + unit]! += value * kernel[i * units + unit]!;
    }
  }
  return output;
}
