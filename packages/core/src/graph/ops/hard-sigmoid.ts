import { number } from '../attributes.ts';
import type { OpBase } from '../operator.ts';
import { defineUnary } from '../unary.ts';
import type { ValueId } from '../values.ts';

/**
 * `alpha * x + beta`, cut to 0 and 1. The `hsigmoid` of `activation` is the one with 1/6 and 1/2.
 *
 * @shapes any to the same
 */
export interface HardSigmoidOp extends OpBase {
  readonly op: 'hardSigmoid';
  readonly alpha: number;
  readonly beta: number;
}

/** Options of {@link HardSigmoidMethods.hardSigmoid}. */
export interface HardSigmoidOptions {
  /** Slope; default 0.2. */
  readonly alpha?: number;
  /** Value at 0; default 0.5. */
  readonly beta?: number;
}

/** Methods of `GraphBuilder`. */
export interface HardSigmoidMethods {
  /** A sigmoid of three straight lines. */
  hardSigmoid(x: ValueId, options?: HardSigmoidOptions): ValueId;
}

export const hardSigmoid = defineUnary<HardSigmoidOp, HardSigmoidMethods>('hardSigmoid', {
  attributes: { alpha: number, beta: number },
  lastArgument: 'options',
  methods: {
    hardSigmoid: (writer, x, { alpha = 0.2, beta = 0.5, ...unknown } = {}) =>
      writer.add<HardSigmoidOp>({ op: 'hardSigmoid', inputs: [x], alpha, beta }, unknown),
  },
  flops: 4,
  compute: (x, { alpha, beta }) => Math.min(Math.max(alpha * x + beta, 0), 1),
  edges: {
    hardSigmoid: (g) => g.hardSigmoid(g.input([2, 4, 4, 3])),
    'hardSigmoid that is cut on both sides': (g) => g.hardSigmoid(g.input([2, 50]), { alpha: 2, beta: 0.4 }),
  },
});
