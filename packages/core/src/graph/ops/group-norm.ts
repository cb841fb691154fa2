import { count, notNegative } from '../attributes.ts';
import { scaleAndShift, scaleLast, standardise } from '../normalise.ts';
import type { OpBase, Operator } from '../operator.ts';
import { countElements, type Shape, type ValueId } from '../values.ts';
import { imageSizes } from '../window.ts';

/**
 * Normalisation of each image over height, width and the channels of a group; `gamma` and `beta` are `[c]`.
 *
 * @shapes `[n, h, w, c]` to the same
 */
export interface GroupNormOp extends OpBase {
  readonly op: 'groupNorm';
  readonly groups: number;
  readonly epsilon: number;
}

/** Options of {@link GroupNormMethods.groupNorm}. */
export interface GroupNormOptions {
  /** Added to the variance; default 1e-5. */
  readonly epsilon?: number;
}

/** Methods of `GraphBuilder`. */
export interface GroupNormMethods {
  /** Group normalisation. */
  groupNorm(x: ValueId, groups: number, options?: GroupNormOptions): ValueId;
}

export const groupNorm: Operator<GroupNormOp, GroupNormMethods> = {
  op: 'groupNorm',
  attributes: { groups: count, epsilon: notNegative },
  lastArgument: 'options',
  methods: {
    groupNorm: (writer, x, groups, { epsilon = 1e-5, ...unknown } = {}) =>
      writer.add<GroupNormOp>({ op: 'groupNorm', inputs: [x], groups, epsilon }, unknown),
  },
  infer({ groups }, [x], fail) {
    const [, , , c] = imageSizes(x, fail);
    if (c % groups !== 0) fail(`cannot split ${c} channels into ${groups} groups`);
    return [x!];
  },
  weights: (_, [x]) => scaleAndShift(x!.slice(-1)),
  flops: (_, __, [output]) => 7 * countElements(output as Shape),
  compute({ groups, epsilon }, { inputs: [x], weights }) {
    const [n, h, w, c] = x!.shape as readonly [number, number, number, number];
    const grouped = standardise({ shape: [n, h, w, groups, c / groups], data: x!.data }, [1, 2, 4], epsilon);
    return [scaleLast({ shape: x!.shape, data: grouped.data }, weights.gamma!.data, weights.beta!.data)];
  },
  edges: {
    'groupNorm in two groups': (g) => g.groupNorm(g.input([2, 3, 4, 6]), 2),
    'groupNorm in one group': (g) => g.groupNorm(g.input([1, 3, 4, 6]), 1, { epsilon: 1e-3 }),
    'groupNorm with a group per channel': (g) => g.groupNorm(g.input([2, 3, 3, 4]), 4),
  },
};
