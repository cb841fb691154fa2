import type { Rule, Rules, Saying, TensorFlowNode } from '../tensorflow-node.ts';

/** Axes from the front, each once, and whether they stay; a result without axes is said with all of them kept. */
function reduction(node: TensorFlowNode): { readonly axes: readonly number[]; readonly keepDims: boolean } {
  const rank = node.shape(0).length;
  const given = node.values(1, 'axes').map((axis) => node.axis(axis, rank));
  const axes = [...new Set(given)].sort((a, b) => a - b);
  if (axes.length === 0) node.gap('reduces no axis');
  return { axes, keepDims: node.flag('keep_dims') || axes.length === rank };
}

/** Over height and width of an image it is a global pooling. */
function mean(node: TensorFlowNode): Saying {
  const { axes, keepDims } = reduction(node);
  if (node.shape(0).length === 4 && axes.join() === '1,2') return { op: 'globalAvgPool', keepDims };
  return { op: 'reduceMean', axes, keepDims };
}

const reduce =
  (op: 'reduceSum' | 'reduceMax'): Rule =>
  (node) => ({ op, ...reduction(node) });

/** Its index is an integer of the size of a float: as far as time goes, the same. */
function argMax(node: TensorFlowNode): Saying {
  const rank = node.shape(0).length;
  const axis = node.axis(node.values(1, 'axes')[0] ?? 0, rank);
  return { op: 'argMax', axis, keepDims: rank === 1 };
}

export const reductionRules: Rules = {
  MEAN: mean,
  SUM: reduce('reduceSum'),
  REDUCE_MAX: reduce('reduceMax'),
  // Core has the largest only, which is found by as much work.
  REDUCE_MIN: reduce('reduceMax'),
  ARG_MAX: argMax,
};
