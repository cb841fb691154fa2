import { floatBytes, type GraphBuilder, type Kernel, type ValueId } from '@nnm/core';
import { elementsOf, type RowsConfig, rowsBlock, rowsKernel } from './rows.ts';

/** One function of every element, and what it costs per element, as `countWork` counts it. */
interface Unary {
  readonly append: (g: GraphBuilder, x: ValueId) => ValueId;
  readonly flops: number;
  readonly description: string;
  /** For positive numbers only: NaN takes another time than numbers. */
  readonly positive?: boolean;
}

/** Functions by kernel. */
const UNARY: Readonly<Record<string, Unary>> = {
  abs: { append: (g, x) => g.abs(x), flops: 1, description: 'absolute value' },
  neg: { append: (g, x) => g.neg(x), flops: 1, description: 'negation' },
  exp: { append: (g, x) => g.exp(x), flops: 4, description: 'exponential function' },
  tanh: { append: (g, x) => g.tanh(x), flops: 4, description: 'hyperbolic tangent' },
  erf: { append: (g, x) => g.erf(x), flops: 8, description: 'error function' },
  sigmoid: { append: (g, x) => g.activation(x, 'sigmoid'), flops: 4, description: 'sigmoid' },
  silu: { append: (g, x) => g.silu(x), flops: 4, description: 'x * sigmoid(x)' },
  elu: { append: (g, x) => g.elu(x), flops: 4, description: 'exponential linear unit' },
  'leaky-relu': { append: (g, x) => g.leakyRelu(x), flops: 1, description: 'ReLU with a slope below zero' },
  'hard-sigmoid': { append: (g, x) => g.activation(x, 'hsigmoid'), flops: 4, description: 'relu6(x + 3) / 6' },
  clip: { append: (g, x) => g.clip(x, { min: -0.5, max: 0.5 }), flops: 1, description: 'values cut off at limits' },
  relu6: { append: (g, x) => g.activation(x, 'relu6'), flops: 1, description: 'ReLU cut off at 6' },
  log: { append: (g, x) => g.log(x), flops: 4, description: 'natural logarithm', positive: true },
  sqrt: { append: (g, x) => g.sqrt(x), flops: 1, description: 'square root', positive: true },
  rsqrt: { append: (g, x) => g.rsqrt(x), flops: 2, description: '1 / square root', positive: true },
  mish: { append: (g, x) => g.mish(x), flops: 8, description: 'x * tanh(log(1 + exp(x)))' },
};

/** The kernels of the `unary` family: one function of every element of `[ROWS, CIN]`. */
export const unaryKernels: readonly Kernel<RowsConfig>[] = Object.entries(UNARY).map(([type, { append, flops, description, positive }]) =>
  rowsKernel({
    type,
    family: 'unary',
    description,
    block: rowsBlock(type, (g, [x]) => [append(g, x as ValueId)], undefined, positive),
    workOf: (config) => ({ flops: flops * elementsOf(config), params: 0, bytes: floatBytes(2 * elementsOf(config)) }),
  }),
);
