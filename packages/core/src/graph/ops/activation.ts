import { oneOf } from '../attributes.ts';
import type { OpBase, Operator, OpWriter } from '../operator.ts';
import { countElements, type Shape, type ValueId } from '../values.ts';
import { elu } from './elu.ts';
import { gelu } from './gelu.ts';
import { leakyRelu } from './leaky-relu.ts';
import { mish } from './mish.ts';
import { prelu } from './prelu.ts';
import { tanh } from './tanh.ts';

/** An activation function without parameters. */
export type ActivationFunction = 'relu' | 'relu6' | 'hswish' | 'hsigmoid' | 'sigmoid' | 'swish';

/** An activation function that is an operator of its own. */
export type OperatorActivation = 'elu' | 'gelu' | 'leakyRelu' | 'mish' | 'prelu' | 'silu' | 'tanh';

/**
 * `hswish(x) = x * relu6(x + 3) / 6`, `hsigmoid(x) = relu6(x + 3) / 6`, `swish(x) = x * sigmoid(x)`.
 *
 * @shapes any to the same
 */
export interface ActivationOp extends OpBase {
  readonly op: 'activation';
  readonly function: ActivationFunction;
}

/** Methods of `GraphBuilder`. */
export interface ActivationMethods {
  /** An activation function on every element; one that is an operator of its own is written as that, with its defaults. */
  activation(x: ValueId, fn: ActivationFunction | OperatorActivation): ValueId;
  /** `x * sigmoid(x)`: another name of `activation(x, 'swish')`. */
  silu(x: ValueId): ValueId;
}

const relu6 = (x: number): number => Math.min(Math.max(x, 0), 6);
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const FUNCTIONS: Readonly<Record<ActivationFunction, { readonly flops: number; readonly compute: (x: number) => number }>> = {
  relu: { flops: 1, compute: (x) => Math.max(x, 0) },
  relu6: { flops: 1, compute: relu6 },
  hswish: { flops: 4, compute: (x) => (x * relu6(x + 3)) / 6 },
  hsigmoid: { flops: 4, compute: (x) => relu6(x + 3) / 6 },
  sigmoid: { flops: 4, compute: sigmoid },
  swish: { flops: 4, compute: (x) => x * sigmoid(x) },
};

const write = (writer: OpWriter, x: ValueId, fn: ActivationFunction): ValueId =>
  writer.add<ActivationOp>({ op: 'activation', inputs: [x], function: fn });

const silu = (writer: OpWriter, x: ValueId): ValueId => write(writer, x, 'swish');

const OPERATORS: Readonly<Record<OperatorActivation, (writer: OpWriter, x: ValueId) => ValueId>> = {
  elu: elu.methods.elu,
  gelu: gelu.methods.gelu,
  leakyRelu: leakyRelu.methods.leakyRelu,
  mish: mish.methods.mish,
  prelu: prelu.methods.prelu,
  silu,
  tanh: tanh.methods.tanh,
};

const isOperator = (fn: string): fn is OperatorActivation => Object.hasOwn(OPERATORS, fn);

export const activation: Operator<ActivationOp, ActivationMethods> = {
  op: 'activation',
  attributes: { function: oneOf(Object.keys(FUNCTIONS), Object.keys(OPERATORS)) },
  methods: {
    activation: (writer, x, fn) => (isOperator(fn) ? OPERATORS[fn](writer, x) : write(writer, x, fn)),
    silu,
  },
  infer: (_, inputs) => inputs,
  flops: (op, _, [output]) => FUNCTIONS[op.function].flops * countElements(output as Shape),
  compute: (op, { inputs: [x] }) => [{ shape: x!.shape, data: x!.data.map(FUNCTIONS[op.function].compute) }],
  edges: {
    ...Object.fromEntries(
      Object.keys(FUNCTIONS).map((fn) => [`${fn} of a sequence`, (g) => g.activation(g.input([2, 5, 3]), fn as ActivationFunction)]),
    ),
    'silu of five axes': (g) => g.silu(g.input([1, 2, 2, 3, 2])),
  },
};
