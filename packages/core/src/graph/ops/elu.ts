import { number } from '../attributes.ts';
import type { OpBase } from '../operator.ts';
import { defineUnary } from '../unary.ts';
import type { ValueId } from '../values.ts';

/**
 * `x` where it is positive, else `alpha * (exp(x) - 1)`.
 *
 * @shapes any to the same
 */
export interface EluOp extends OpBase {
  readonly op: 'elu';
  readonly alpha: number;
}

/** Options of {@link EluMethods.elu}. */
export interface EluOptions {
  /** What large negative numbers tend to, negated; default 1. */
  readonly alpha?: number;
}

/** Methods of `GraphBuilder`. */
export interface EluMethods {
  /** Exponential linear unit. */
  elu(x: ValueId, options?: EluOptions): ValueId;
}

export const elu = defineUnary<EluOp, EluMethods>('elu', {
  attributes: { alpha: number },
  lastArgument: 'options',
  methods: { elu: (writer, x, { alpha = 1, ...unknown } = {}) => writer.add<EluOp>({ op: 'elu', inputs: [x], alpha }, unknown) },
  flops: 4,
  compute: (x, { alpha }) => (x > 0 ? x : alpha * Math.expm1(x)),
  edges: {
    elu: (g) => g.elu(g.input([2, 4, 4, 3])),
    'elu with another alpha': (g) => g.elu(g.input([2, 5, 3]), { alpha: 0.4 }),
  },
});
