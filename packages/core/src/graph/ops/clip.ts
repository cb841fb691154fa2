import { number, optional } from '../attributes.ts';
import type { OpBase, Operator } from '../operator.ts';
import { defineUnary } from '../unary.ts';
import type { ValueId } from '../values.ts';

/**
 * `x`, but not below `min` and not above `max`.
 *
 * @shapes any to the same
 */
export interface ClipOp extends OpBase {
  readonly op: 'clip';
  /** Absent for no lower limit. */
  readonly min?: number;
  /** Absent for no upper limit. */
  readonly max?: number;
}

/** Options of {@link ClipMethods.clip}; at least one. */
export interface ClipOptions {
  /** Lower limit. */
  readonly min?: number;
  /** Upper limit. */
  readonly max?: number;
}

/** Methods of `GraphBuilder`. */
export interface ClipMethods {
  /** Cut values off at limits. */
  clip(x: ValueId, options: ClipOptions): ValueId;
}

export const clip: Operator<ClipOp, ClipMethods> = {
  ...defineUnary<ClipOp, ClipMethods>('clip', {
    attributes: { min: optional(number), max: optional(number) },
    lastArgument: 'options',
    methods: { clip: (writer, x, { min, max, ...unknown } = {}) => writer.add<ClipOp>({ op: 'clip', inputs: [x], min, max }, unknown) },
    compute: (x, { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }) => Math.min(Math.max(x, min), max),
  }),
  infer({ min, max }, inputs, fail) {
    if (min === undefined && max === undefined) fail('needs min or max');
    if (min !== undefined && max !== undefined && min > max) fail(`needs min <= max, got ${min} and ${max}`);
    return inputs;
  },
  edges: {
    'clip to other limits': (g) => g.clip(g.input([2, 4, 4, 3]), { min: -0.3, max: 0.5 }),
    'clip to 0 and 6': (g) => g.clip(g.input([2, 4, 3]), { min: 0, max: 6 }),
    'clip to -1 and 1': (g) => g.clip(g.input([2, 4]), { min: -1, max: 1 }),
    'clip from below': (g) => g.clip(g.input([2, 9]), { min: -0.2 }),
    'clip at 0': (g) => g.clip(g.input([9]), { min: 0 }),
    'clip from above': (g) => g.clip(g.input([1, 3, 3, 2, 2]), { max: 0.1 }),
  },
};
