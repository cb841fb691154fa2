import type { Shape } from '@nnm/core';
import type { ElementType } from '../../../graph/model-graph.ts';
import type { NodeView } from '../node-view.ts';
import type { Rule, Rules } from '../rule.ts';
import { broadcast } from './element-wise.ts';

const sameAsFirst: Rule = { shapes: (node) => [node.shape(0)] };
const joined: Rule = { shapes: broadcast };
const comparison: Rule = { shapes: broadcast, types: () => ['bool'] };

const where: Rule = { shapes: broadcast, types: (node) => [node.tensor(1)?.dtype ?? 'float32'] };

const list = (type: ElementType): Rule => ({ types: () => [type] });

function topK(node: NodeView): readonly Shape[] {
  const shape = node.shape(0);
  const axis = node.axis(node.number('axis', -1), shape.length);
  const count = node.values(1, 'the number of largest values')[0] as number;
  const kept = shape.map((size, at) => (at === axis ? count : size));
  return [kept, kept];
}

/** `[t, directions, n, hidden]` and the last state, `[directions, n, hidden]`. */
function recurrent(node: NodeView): readonly Shape[] {
  const [first, second] = node.shape(0) as readonly [number, number];
  const hidden = node.number('hidden_size', 0);
  const directions = node.text('direction', 'forward') === 'bidirectional' ? 2 : 1;
  const isBatchFirst = node.number('layout', 0) === 1;
  const state = isBatchFirst ? [first, directions, hidden] : [directions, second, hidden];
  return [isBatchFirst ? [first, second, directions, hidden] : [first, directions, second, hidden], state, state];
}

function gatherNd(node: NodeView): readonly Shape[] {
  const [shape, indices] = [node.shape(0), node.shape(1)];
  const batch = node.number('batch_dims', 0);
  return [[...indices.slice(0, -1), ...shape.slice(batch + (indices.at(-1) as number))]];
}

const SAME = [
  ...[
    'Ceil',
    'Floor',
    'Round',
    'Sign',
    'Sin',
    'Cos',
    'Tan',
    'Asin',
    'Acos',
    'Atan',
    'Sinh',
    'Cosh',
    'Reciprocal',
    'Softplus',
    'Softsign',
    'Selu',
  ],
  ...['Celu', 'ThresholdedRelu', 'Shrink', 'Hardmax', 'CumSum', 'Trilu', 'LRN', 'MeanVarianceNormalization', 'BitwiseNot', 'ScatterND'],
  ...['ScatterElements', 'Scatter', 'ReverseSequence', 'com.microsoft::BiasGelu', 'com.microsoft::SkipLayerNormalization'],
];
const COMPARISONS = ['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'And', 'Or', 'Xor'];

/** Operators that core has no words for, whose shapes tell what follows them. */
export const SHAPES_ONLY: Rules = {
  ...Object.fromEntries(SAME.map((name) => [name, sameAsFirst])),
  ...Object.fromEntries(COMPARISONS.map((name) => [name, comparison])),
  ...Object.fromEntries(['IsNaN', 'IsInf', 'Not'].map((name) => [name, { ...sameAsFirst, types: () => ['bool'] } satisfies Rule])),
  Mod: joined,
  BitShift: joined,
  Mean: joined,
  Where: where,
  Shape: list('int64'),
  Size: list('int64'),
  NonZero: list('int64'),
  TopK: { shapes: topK, types: (node) => [node.tensor(0)?.dtype ?? 'float32', 'int64'] },
  GatherElements: { shapes: (node) => [node.shape(1)] },
  GatherND: { shapes: gatherNd },
  LSTM: { shapes: recurrent },
  GRU: { shapes: recurrent },
  RNN: { shapes: recurrent },
  QuantizeLinear: { shapes: (node) => [node.shape(0)], types: (node) => [node.tensor(2)?.dtype ?? 'uint8'] },
  DynamicQuantizeLinear: { shapes: (node) => [node.shape(0), [], []], types: () => ['uint8', 'float32', 'uint8'] },
  DequantizeLinear: { shapes: (node) => [node.shape(0)], types: (node) => [node.tensor(1)?.dtype ?? 'float32'] },
};
