import type { ModelNode } from '../../../graph/model-graph.ts';
import type { Match } from './match.ts';
import type { Spelling } from './spelling.ts';

/** `sqrt(2 / pi)` and the factor of the cube in the approximation of gelu. */
const TANH_SCALE = 0.7978845608;
const CUBE_SCALE = 0.044715;

const as = (anchor: ModelNode, operator: string, inputs: readonly string[], attributes: ModelNode['attributes'] = {}): ModelNode => ({
  name: anchor.name,
  operator,
  attributes,
  inputs,
  outputs: anchor.outputs,
});

/** `x` of `x * gate(x)`. */
function gated(anchor: ModelNode, inputOfGate: (name: string) => string | undefined): string | undefined {
  if (anchor.operator !== 'Mul') return undefined;
  const [a, b] = anchor.inputs as readonly [string, string];
  if (inputOfGate(b) === a) return a;
  return inputOfGate(a) === b ? b : undefined;
}

const swish: Spelling = (match, anchor) => {
  const x = gated(anchor, (gate) => match.maker(gate, 'Sigmoid')?.inputs[0]);
  return x === undefined ? undefined : as(anchor, 'nnm::Swish', [x]);
};

/** `x * sigmoid(1 * x)`, as PaddlePaddle writes it with its slope. */
const slopedSwish: Spelling = (match, anchor) => {
  const x = gated(anchor, (gate) => {
    const scaled = match.maker(match.maker(gate, 'Sigmoid')?.inputs[0], 'Mul');
    return match.beside(scaled, (name) => match.isNear(name, 1));
  });
  return x === undefined ? undefined : as(anchor, 'nnm::Swish', [x]);
};

const hardSwish: Spelling = (match, anchor) => {
  const x = gated(anchor, (gate) => {
    const node = match.maker(gate, 'HardSigmoid');
    return Math.abs(Number(node?.attributes.alpha ?? 0.2) - 1 / 6) < 1e-4 ? node?.inputs[0] : undefined;
  });
  return x === undefined ? undefined : as(anchor, 'HardSwish', [x]);
};

const mish: Spelling = (match, anchor) => {
  const x = gated(anchor, (gate) => match.maker(match.maker(gate, 'Tanh')?.inputs[0], 'Softplus')?.inputs[0]);
  return x === undefined ? undefined : as(anchor, 'Mish', [x]);
};

/** What is multiplied to make a value, products in products taken apart. */
function factorsOf(match: Match, name: string, depth = 3): readonly string[] {
  const node = depth === 0 ? undefined : match.maker(name, 'Mul');
  return node === undefined ? [name] : node.inputs.flatMap((input) => factorsOf(match, input, depth - 1));
}

/** `x` of `x * (1 + gate(x)) / 2`, whatever is multiplied first. */
function halfGated(match: Match, anchor: ModelNode, inputOfGate: (name: string) => string | undefined): string | undefined {
  if (anchor.operator !== 'Mul') return undefined;
  const factors = factorsOf(match, anchor.outputs[0] as string);
  const others = factors.filter((name) => !match.isNear(name, 0.5));
  if (factors.length !== 3 || others.length !== 2) return undefined;
  const [a = '', b = ''] = others;
  const inner = (name: string): string | undefined => {
    const gate = match.beside(match.maker(name, 'Add'), (input) => match.isNear(input, 1));
    return gate === undefined ? undefined : inputOfGate(gate);
  };
  if (inner(b) === a) return a;
  return inner(a) === b ? b : undefined;
}

const gelu: Spelling = (match, anchor) => {
  const x = halfGated(match, anchor, (gate) => {
    const scaled = match.maker(gate, 'Erf')?.inputs[0];
    const divided = match.maker(scaled, 'Div');
    if (divided !== undefined) return match.isNear(divided.inputs[1], Math.SQRT2) ? divided.inputs[0] : undefined;
    return match.beside(match.maker(scaled, 'Mul'), (name) => match.isNear(name, Math.SQRT1_2));
  });
  return x === undefined ? undefined : as(anchor, 'Gelu', [x]);
};

/** The approximation with `tanh(s * (x + c * x^3))`, or `tanh(s * x * (1 + c * x^2))`. */
const fastGelu: Spelling = (match, anchor) => {
  const x = halfGated(match, anchor, (gate) => {
    const scaled = match.maker(gate, 'Tanh')?.inputs[0];
    if (scaled === undefined) return undefined;
    const factors = factorsOf(match, scaled, 2).filter((name) => !match.isNear(name, TANH_SCALE));
    const sum = factors.find((name) => match.maker(name, 'Add') !== undefined);
    const addends = match.maker(sum, 'Add')?.inputs ?? [];
    const cube = addends.find((name) => isScaledPower(match, name));
    const rest = addends.find((name) => name !== cube);
    if (cube === undefined) return undefined;
    return factors.length === 1 ? rest : factors.find((name) => name !== sum);
  });
  return x === undefined ? undefined : as(anchor, 'Gelu', [x], { approximate: 'tanh' });
};

function isScaledPower(match: Match, name: string): boolean {
  const factors = factorsOf(match, name);
  for (const factor of factors) match.maker(factor, 'Pow');
  return factors.some((factor) => match.isNear(factor, CUBE_SCALE));
}

/** `1 / sqrt(x)`. */
const rsqrt: Spelling = (match, anchor) => {
  const isInverse = anchor.operator === 'Reciprocal' || (anchor.operator === 'Div' && match.number(anchor.inputs[0]) === 1);
  const root = isInverse ? match.maker(anchor.inputs.at(-1), 'Sqrt') : undefined;
  return root === undefined ? undefined : as(anchor, 'nnm::Rsqrt', root.inputs);
};

export const ACTIVATIONS: readonly Spelling[] = [gelu, fastGelu, swish, slopedSwish, hardSwish, mish, rsqrt];
