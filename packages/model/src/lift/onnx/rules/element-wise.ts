import { broadcastShapes, type Shape } from '@nnm/core';
import { clipLimits } from '../../finite-values.ts';
import { type Layout, toForm } from '../layout.ts';
import type { NodeView, Operand } from '../node-view.ts';
import type { Rule, Rules, Sentence } from '../rule.ts';

type Words = Sentence['op'];

/** An operator of one input. */
const unary = (words: Words | ((node: NodeView) => Words)): Rule => ({
  say: (node) => ({ op: typeof words === 'function' ? words(node) : words, inputs: [node.operand(0)] }),
});

/**
 * An operand of an element-wise op. In an image it is given the axes that it lacks in the file, before they are put in order; a constant loses
 * leading ones again, so that one value per channel is `[c]`.
 */
function broadcastOperand(node: NodeView, index: number, rank: number): Operand {
  const name = node.node.inputs[index] as string;
  const shape = node.shape(index);
  const filled: Shape = node.layout === 'image' && shape.length > 0 ? [...Array<number>(rank - shape.length).fill(1), ...shape] : shape;
  const form = toForm(filled, node.layout);
  return { name, shape: node.isConstant(index) ? withoutLeadingOnes(form) : form };
}

function withoutLeadingOnes(shape: Shape): Shape {
  const first = shape.findIndex((size) => size !== 1);
  return first < 0 ? [] : shape.slice(first);
}

type BinaryOp = 'add' | 'sub' | 'mul' | 'div' | 'pow' | 'minimum' | 'maximum';

/** An operator of two inputs that broadcast as NumPy does. */
const binary = (op: BinaryOp): Rule => ({ layout: wholeImage, say: (node) => sayBinary(node, op), shapes: broadcast });

/** Stays in the file's order where an operand of other axes would not broadcast in an image's. */
function wholeImage(node: NodeView): Layout | undefined {
  return Math.max(...node.node.inputs.map((_, index) => node.tensor(index)?.shape?.length ?? 0)) < 3 ? 'plain' : undefined;
}

function sayBinary(node: NodeView, op: BinaryOp): Sentence {
  if (node.node.inputs.length === 1) node.gap(`${node.operator} of one value has no equivalent in nnm`);
  if (node.node.inputs.length > 2) node.gap(`${node.operator} of more than two values has no equivalent in nnm`);
  const rank = Math.max(node.shape(0).length, node.shape(1).length);
  if (op === 'pow' && node.operator !== 'Pow') node.gap(`${node.operator} has no equivalent in nnm`);
  return { op: { op }, inputs: [broadcastOperand(node, 0, rank), broadcastOperand(node, 1, rank)] };
}

/** What all inputs broadcast to. */
export function broadcast(node: NodeView): readonly Shape[] {
  const shapes = node.node.inputs.map((_, index) => node.shape(index));
  return [
    shapes.reduce(
      (joined, shape) =>
        broadcastShapes(joined, shape) ?? node.wrong(`joins [${joined.join(', ')}] and [${shape.join(', ')}], which do not broadcast`),
    ),
  ];
}

/** Limits are inputs, or attributes in operators before version 11; 0 and 6 are relu6. */
function sayClip(node: NodeView): Words | 'nothing' {
  const limit = (index: number, attribute: string): number | undefined =>
    node.has(index) ? node.values(index, 'limits')[0] : node.number(attribute, undefined);
  const limits = clipLimits(limit(1, 'min'), limit(2, 'max'));
  const { min, max } = limits;
  if (min === undefined && max === undefined) return 'nothing';
  if (min === 0 && max === undefined) return { op: 'activation', function: 'relu' };
  if (min === 0 && max === 6) return { op: 'activation', function: 'relu6' };
  return { op: 'clip', ...limits };
}

const clip: Rule = {
  say(node) {
    const words = sayClip(node);
    return words === 'nothing' ? { same: node.node.inputs[0] as string } : { op: words, inputs: [node.operand(0)] };
  },
};

/** The slopes 1/6 of hard swish; other ones are an operator with parameters. */
function hardSigmoid(node: NodeView): Words {
  const [alpha, beta] = [node.number('alpha', 0.2), node.number('beta', 0.5)];
  if (Math.abs(alpha - 1 / 6) < 1e-4 && Math.abs(beta - 0.5) < 1e-6) return { op: 'activation', function: 'hsigmoid' };
  return { op: 'hardSigmoid', alpha, beta };
}

/** One slope for all is a leaky relu, one per channel `[c, 1, 1]` a trained one. */
function sayPrelu(node: NodeView): Sentence {
  node.needConstant(1, 'slopes');
  const slopes = node.shape(1);
  const shape = node.shape(0);
  if (slopes.every((size) => size === 1)) {
    return { op: { op: 'leakyRelu', alpha: node.tensor(1)?.values?.[0] ?? 0.25 }, inputs: [node.operand(0)] };
  }
  const channelAxis = shape.length >= 3 && node.layout === 'image' ? 1 : shape.length - 1;
  const filled = [...Array<number>(Math.max(0, shape.length - slopes.length)).fill(1), ...slopes];
  const isPerChannel = filled.every((size, axis) => size === (axis === channelAxis ? shape[axis] : 1));
  if (!isPerChannel) node.gap('PRelu with slopes that are not one per channel has no equivalent in nnm');
  return { op: { op: 'prelu' }, inputs: [node.operand(0)] };
}

/** A slope per channel needs the channels where the op has them. */
function preluLayout(node: NodeView): Layout | undefined {
  const slopes = node.tensor(1)?.shape ?? [];
  if (slopes.every((size) => size === 1)) return undefined;
  return slopes.at(-1) === 1 ? 'image' : 'plain';
}

const activation = (fn: 'relu' | 'sigmoid' | 'hswish' | 'swish'): Words => ({ op: 'activation', function: fn });
const gelu = (node: NodeView): Words => ({ op: 'gelu', approximate: node.text('approximate', 'none') === 'tanh' ? 'tanh' : 'none' });

export const ELEMENT_WISE: Rules = {
  Add: binary('add'),
  Sub: binary('sub'),
  Mul: binary('mul'),
  Div: binary('div'),
  Pow: binary('pow'),
  Min: binary('minimum'),
  Max: binary('maximum'),
  Sum: binary('add'),
  Abs: unary({ op: 'abs' }),
  Erf: unary({ op: 'erf' }),
  Exp: unary({ op: 'exp' }),
  Log: unary({ op: 'log' }),
  Neg: unary({ op: 'neg' }),
  Sqrt: unary({ op: 'sqrt' }),
  Tanh: unary({ op: 'tanh' }),
  Mish: unary({ op: 'mish' }),
  Relu: unary(activation('relu')),
  Sigmoid: unary(activation('sigmoid')),
  HardSwish: unary(activation('hswish')),
  'nnm::Swish': unary(activation('swish')),
  'nnm::Rsqrt': unary({ op: 'rsqrt' }),
  Swish: unary((node) => (node.number('alpha', 1) === 1 ? activation('swish') : node.gap('Swish with alpha has no equivalent in nnm'))),
  'com.microsoft::QuickGelu': unary(activation('swish')),
  HardSigmoid: unary(hardSigmoid),
  Clip: clip,
  Gelu: unary(gelu),
  'com.microsoft::Gelu': unary({ op: 'gelu', approximate: 'none' }),
  'com.microsoft::FastGelu': unary((node) =>
    node.has(1) ? node.gap('com.microsoft::FastGelu with a bias has no equivalent in nnm') : { op: 'gelu', approximate: 'tanh' },
  ),
  LeakyRelu: unary((node) => ({ op: 'leakyRelu', alpha: node.number('alpha', 0.01) })),
  Elu: unary((node) => ({ op: 'elu', alpha: node.number('alpha', 1) })),
  PRelu: { layout: preluLayout, say: sayPrelu },
};
