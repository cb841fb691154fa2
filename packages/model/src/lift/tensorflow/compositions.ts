import { type Op, resolveAxis, type Shape } from '@nnm/core';
import { constant, type Found, made, type Pattern, value } from './pattern.ts';

type Unnamed<O> = O extends Op ? Omit<O, 'inputs' | 'outputs'> : never;

/** Ops that together are one of core's operators: what TensorFlow's converter, and nnm's own, make of it. */
export interface Composition {
  /** The value `x` is the op's input. */
  readonly pattern: Pattern;
  /** The op, or nothing when the numbers are not its. */
  say(found: Found): Unnamed<Op> | undefined;
}

const x = value('x');
const sum = (a: Pattern, b: Pattern): Pattern => made('add', [a, b]);
const difference = (a: Pattern, b: Pattern): Pattern => made('sub', [a, b]);
const product = (a: Pattern, b: Pattern): Pattern => made('mul', [a, b]);
const larger = (a: Pattern, b: Pattern): Pattern => made('maximum', [a, b]);
const smaller = (a: Pattern, b: Pattern): Pattern => made('minimum', [a, b]);
const inverseRoot = (a: Pattern): Pattern => made('rsqrt', [a]);
const activated = (a: Pattern, name: string): Pattern =>
  made('activation', [a], ({ op }) => op.op === 'activation' && op.function === name);

const near = (a: number | undefined, b: number): boolean => a !== undefined && Math.abs(a - b) <= 1e-5 * Math.max(1, Math.abs(b));

/** A normalisation as `tf.nn.batch_normalization` after `tf.nn.moments` writes it, with its mean over what `mean` says. */
function normalised(input: Pattern, mean: (of: Pattern) => Pattern): Pattern {
  const deviation = difference(input, mean(input));
  const inverse = product(inverseRoot(sum(mean(product(deviation, deviation)), constant('epsilon'))), constant('gamma'));
  return sum(product(input, inverse), difference(constant('beta'), product(mean(input), inverse)));
}

const keptMean = (of: Pattern): Pattern => made('reduceMean', [of], ({ op }) => op.op === 'reduceMean' && op.keepDims);
const imageMean = (of: Pattern): Pattern => made('globalAvgPool', [of], ({ op }) => op.op === 'globalAvgPool' && op.keepDims);
const keptSum = (of: Pattern): Pattern => made('reduceSum', [of], ({ op }) => op.op === 'reduceSum' && op.keepDims);

/** The first of the axes when they are the last of a shape, without a gap. */
function firstOfLast(axes: readonly number[], rank: number): number | undefined {
  const sorted = axes.map((axis) => resolveAxis(axis, rank)).sort((a, b) => a - b);
  return sorted.every((axis, index) => axis === rank - sorted.length + index) ? sorted[0]! - rank : undefined;
}

const rankOf = ({ root }: Found): number => root.outputShapes[0]!.length;
const isChannels = (shape: Shape, channels: number): boolean => shape.at(-1) === channels && shape.slice(0, -1).every((size) => size === 1);

export const COMPOSITIONS: readonly Composition[] = [
  { pattern: product(x, activated(x, 'sigmoid')), say: () => ({ op: 'activation', function: 'swish' }) },
  {
    pattern: product(activated(sum(x, constant('shift')), 'relu6'), constant('scale')),
    say: (found) =>
      near(found.number('shift'), 3) && near(found.number('scale'), 1 / 6) ? { op: 'activation', function: 'hsigmoid' } : undefined,
  },
  {
    pattern: product(x, made('tanh', [made('log', [sum(made('exp', [x]), constant('one'))])])),
    say: (found) => (near(found.number('one'), 1) ? { op: 'mish' } : undefined),
  },
  {
    pattern: smaller(larger(sum(product(x, constant('alpha')), constant('beta')), constant('zero')), constant('one')),
    say(found) {
      const [alpha, beta] = [found.number('alpha'), found.number('beta')];
      if (alpha === undefined || beta === undefined || !near(found.number('zero'), 0) || !near(found.number('one'), 1)) return undefined;
      return { op: 'hardSigmoid', alpha, beta };
    },
  },
  { pattern: smaller(larger(x, constant('min')), constant('max')), say: asClip },
  { pattern: larger(smaller(x, constant('max')), constant('min')), say: asClip },
  {
    pattern: sum(larger(x, constant('zero')), product(smaller(made('elu', [x]), constant('zero')), constant('alpha'))),
    say(found) {
      const alpha = found.number('alpha');
      return alpha === undefined || !near(found.number('zero'), 0) ? undefined : { op: 'elu', alpha };
    },
  },
  {
    pattern: made('reshape', [normalised(made('reshape', [x]), keptMean)]),
    say(found) {
      const [groups, perGroup] = found.constantShape('gamma');
      const epsilon = found.number('epsilon');
      const [, , , channels] = found.root.outputShapes[0]!;
      const isGrouped = rankOf(found) === 4 && groups !== undefined && groups * (perGroup ?? 0) === channels;
      return epsilon !== undefined && isGrouped && found.op('reduceMean').axes.join() === '1,3'
        ? { op: 'groupNorm', groups, epsilon }
        : undefined;
    },
  },
  {
    pattern: normalised(x, keptMean),
    say(found) {
      const epsilon = found.number('epsilon');
      const axis = firstOfLast(found.op('reduceMean').axes, rankOf(found));
      return epsilon === undefined || axis === undefined ? undefined : { op: 'layerNorm', axis, epsilon };
    },
  },
  {
    pattern: normalised(x, imageMean),
    say(found) {
      const epsilon = found.number('epsilon');
      return epsilon === undefined ? undefined : { op: 'instanceNorm', epsilon };
    },
  },
  {
    pattern: product(product(x, inverseRoot(sum(keptMean(product(x, x)), constant('epsilon')))), constant('gamma')),
    say(found) {
      const epsilon = found.number('epsilon');
      const isLast = firstOfLast(found.op('reduceMean').axes, rankOf(found)) === -1;
      return epsilon !== undefined && isLast ? { op: 'rmsNorm', epsilon } : undefined;
    },
  },
  {
    pattern: product(x, inverseRoot(larger(keptSum(product(x, x)), constant('square')))),
    say(found) {
      const [square, axes] = [found.number('square'), found.op('reduceSum').axes];
      return square === undefined || square <= 0 || axes.length !== 1
        ? undefined
        : { op: 'l2Normalize', axis: axes[0]!, epsilon: Math.sqrt(square) };
    },
  },
  {
    pattern: made('transpose', [made('softmax', [made('transpose', [x])])]),
    say: (found) => ofSwapped(found, (axis) => ({ op: 'softmax', axis })),
  },
  {
    pattern: made('transpose', [made('logSoftmax', [made('transpose', [x])])]),
    say: (found) => ofSwapped(found, (axis) => ({ op: 'logSoftmax', axis })),
  },
  {
    pattern: made('reshape', [made('transpose', [made('reshape', [x])])]),
    say(found) {
      const grouped = found.op('reshape').shape;
      const [, h, w, c] = found.root.outputShapes[0]!;
      const isShuffle =
        grouped.length === 5 && rankOf(found) === 4 && grouped[1] === h && grouped[2] === w && grouped[3]! * grouped[4]! === c;
      return isShuffle && found.op('transpose').permutation.join() === '0,1,2,4,3'
        ? { op: 'channelShuffle', groups: grouped[3]! }
        : undefined;
    },
  },
  {
    // The epsilon is part of the two vectors by then; any will do.
    pattern: sum(product(x, constant('scale')), constant('shift')),
    say(found) {
      const channels = found.root.outputShapes[0]!.at(-1)!;
      const isPerChannel = ['scale', 'shift'].every((name) => isChannels(found.constantShape(name), channels));
      return isPerChannel && channels > 1 ? { op: 'batchNorm', epsilon: 1e-3 } : undefined;
    },
  },
];

function asClip(found: Found): Unnamed<Op> | undefined {
  const [min, max] = [found.number('min'), found.number('max')];
  return min === undefined || max === undefined || min > max ? undefined : { op: 'clip', min, max };
}

/** An op on the last axis between two transposes that swap that axis with another. */
function ofSwapped(found: Found, op: (axis: number) => Unnamed<Op>): Unnamed<Op> | undefined {
  const { permutation } = found.op('transpose')!;
  const last = permutation.length - 1;
  const axis = permutation[last]!;
  const isSwap = permutation.every((from, to) => from === (to === axis ? last : to === last ? axis : to));
  const isBack = found.root.op.op === 'transpose' && found.root.op.permutation.join() === permutation.join();
  return isSwap && isBack && axis !== last ? op(axis) : undefined;
}
