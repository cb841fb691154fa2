import { resolveAxis, type Shape } from '@nnm/core';
import type { Layout } from '../layout.ts';
import type { NodeView } from '../node-view.ts';
import type { Nothing, Rule, Rules, Sentence } from '../rule.ts';

/** Axes are an attribute, in newer versions of each operator an input; none is all, unless `noop_with_empty_axes`. */
export function reducedAxes(node: NodeView): readonly number[] {
  const given = node.valuesOrAttribute(1, 'axes') ?? [];
  const rank = node.shape(0).length;
  if (given.length > 0) return given.map((axis) => resolveAxis(axis, rank));
  return node.number('noop_with_empty_axes', 0) === 1 ? [] : node.shape(0).map((_, axis) => axis);
}

/** Without its axes, what is left of an image would be in another order than in the file. */
function reduceLayout(node: NodeView): Layout | undefined {
  return node.number('keepdims', 1) === 1 ? undefined : 'plain';
}

const reduce = (op: 'reduceMean' | 'reduceSum' | 'reduceMax'): Rule => ({
  layout: reduceLayout,
  say(node): Sentence | Nothing {
    const axes = reducedAxes(node);
    const rank = node.shape(0).length;
    if (axes.length === 0) return { same: node.node.inputs[0] as string };
    const inOrder = axes.map((axis) => node.axis(axis, rank)).sort((a, b) => a - b);
    return { op: { op, axes: inOrder, keepDims: node.number('keepdims', 1) === 1 }, inputs: [node.operand(0)] };
  },
  shapes: reducedShapes,
});

/** Shapes after any reduction. */
function reducedShapes(node: NodeView): readonly Shape[] {
  const axes = reducedAxes(node);
  const shape = node.shape(0);
  return [
    node.number('keepdims', 1) === 1
      ? shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
      : shape.filter((_, axis) => !axes.includes(axis)),
  ];
}

function argShapes(node: NodeView): readonly Shape[] {
  const shape = node.shape(0);
  const axis = resolveAxis(node.number('axis', 0), shape.length);
  return [node.number('keepdims', 1) === 1 ? shape.map((size, at) => (at === axis ? 1 : size)) : shape.filter((_, at) => at !== axis)];
}

function sayArgMax(node: NodeView): Sentence {
  const axis = node.axis(node.number('axis', 0), node.shape(0).length);
  return { op: { op: 'argMax', axis: lastIsMinusOne(axis, node), keepDims: node.number('keepdims', 1) === 1 }, inputs: [node.operand(0)] };
}

/** The last axis as core's defaults name it. */
export function lastIsMinusOne(axis: number, node: NodeView): number {
  return axis === node.operand(0).shape.length - 1 ? -1 : axis;
}

/** Before version 13 over all axes from `axis` on, which is the same where only one of them is longer than 1. */
const softmax = (op: 'softmax' | 'logSoftmax'): Rule => ({
  say(node): Sentence {
    const shape = node.shape(0);
    const isOld = node.opset < 13;
    const given = resolveAxis(node.number('axis', isOld ? 1 : -1), shape.length);
    if (!isOld) return { op: { op, axis: lastIsMinusOne(node.axis(given, shape.length), node) }, inputs: [node.operand(0)] };
    const longer = shape.map((_, axis) => axis).filter((axis) => axis >= given && (shape[axis] as number) > 1);
    if (longer.length > 1) node.gap(`${node.operator} over several axes has no equivalent in nnm`);
    return { op: { op, axis: lastIsMinusOne(node.axis(longer[0] ?? given, shape.length), node) }, inputs: [node.operand(0)] };
  },
});

const onlyShapes: Rule = { shapes: reducedShapes };

export const REDUCTIONS: Rules = {
  ReduceMean: reduce('reduceMean'),
  ReduceSum: reduce('reduceSum'),
  ReduceMax: reduce('reduceMax'),
  // Core has the largest only, which is found by as much work.
  ReduceMin: reduce('reduceMax'),
  ReduceProd: onlyShapes,
  ReduceL1: onlyShapes,
  ReduceL2: onlyShapes,
  ReduceLogSum: onlyShapes,
  ReduceLogSumExp: onlyShapes,
  ReduceSumSquare: onlyShapes,
  ArgMax: { layout: reduceLayout, say: sayArgMax, shapes: argShapes, types: () => ['int64'] },
  ArgMin: { shapes: argShapes, types: () => ['int64'] },
  'nnm::ArgMax': { layout: reduceLayout, say: sayArgMax },
  Softmax: softmax('softmax'),
  LogSoftmax: softmax('logSoftmax'),
};
