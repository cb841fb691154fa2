import { BEFORE, type Rule, type Rules, type Saying, type TensorFlowNode } from '../tensorflow-node.ts';

/** Activations that other operators have fused into them, as ops of their own. */
export const FUSED_ACTIVATIONS: Readonly<Record<string, Saying>> = {
  RELU: { op: 'activation', function: 'relu' },
  RELU6: { op: 'activation', function: 'relu6' },
  RELU_N1_TO_1: { op: 'clip', min: -1, max: 1 },
  TANH: { op: 'tanh' },
};

const unary =
  (saying: Saying): Rule =>
  () =>
    saying;

const binary =
  (op: 'add' | 'sub' | 'mul' | 'div' | 'pow' | 'maximum' | 'minimum'): Rule =>
  (node) => ({ op, inputs: [node.input(0), node.input(1)] });

/** A slope per channel; core has no other. */
function prelu(node: TensorFlowNode): Saying {
  const slopes = node.weights(1);
  const channels = node.shape(0).at(-1);
  const isPerChannel = slopes.at(-1) === channels && slopes.slice(0, -1).every((size) => size === 1);
  return isPerChannel ? { op: 'prelu' } : node.gap(`has slopes [${slopes.join(', ')}] where nnm has one per channel`);
}

function addN(node: TensorFlowNode): readonly Saying[] {
  const [first, ...others] = node.node.inputs;
  if (others.length === 0) node.gap('adds nothing');
  return others.map((other, index) => ({ op: 'add', inputs: [index === 0 ? first! : BEFORE, other] }));
}

export const elementwiseRules: Rules = {
  ADD: binary('add'),
  SUB: binary('sub'),
  MUL: binary('mul'),
  DIV: binary('div'),
  POW: binary('pow'),
  MAXIMUM: binary('maximum'),
  MINIMUM: binary('minimum'),
  ADD_N: addN,
  SQUARED_DIFFERENCE: (node) => [
    { op: 'sub', inputs: [node.input(0), node.input(1)] },
    { op: 'mul', inputs: [BEFORE, BEFORE] },
  ],
  SQUARE: (node) => ({ op: 'mul', inputs: [node.input(0), node.input(0)] }),
  RELU: unary(FUSED_ACTIVATIONS.RELU!),
  RELU6: unary(FUSED_ACTIVATIONS.RELU6!),
  RELU_N1_TO_1: unary(FUSED_ACTIVATIONS.RELU_N1_TO_1!),
  RELU_0_TO_1: unary({ op: 'clip', min: 0, max: 1 }),
  HARD_SWISH: unary({ op: 'activation', function: 'hswish' }),
  LOGISTIC: unary({ op: 'activation', function: 'sigmoid' }),
  TANH: unary(FUSED_ACTIVATIONS.TANH!),
  ELU: unary({ op: 'elu', alpha: 1 }),
  LEAKY_RELU: (node) => ({ op: 'leakyRelu', alpha: node.number('alpha') }),
  GELU: (node) => ({ op: 'gelu', approximate: node.flag('approximate') ? 'tanh' : 'none' }),
  PRELU: prelu,
  ABS: unary({ op: 'abs' }),
  NEG: unary({ op: 'neg' }),
  EXP: unary({ op: 'exp' }),
  LOG: unary({ op: 'log' }),
  SQRT: unary({ op: 'sqrt' }),
  RSQRT: unary({ op: 'rsqrt' }),
  SOFTMAX: unary({ op: 'softmax', axis: -1 }),
  LOG_SOFTMAX: unary({ op: 'logSoftmax', axis: -1 }),
  L2_NORMALIZATION: unary({ op: 'l2Normalize', axis: -1, epsilon: 1e-6 }),
};
