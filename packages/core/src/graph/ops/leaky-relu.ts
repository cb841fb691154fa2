import { number } from '../attributes.ts';
import type { OpBase } from '../operator.ts';
import { defineUnary } from '../unary.ts';
import type { ValueId } from '../values.ts';

/**
 * `x` where it is positive, else `alpha * x`.
 *
 * @shapes any to the same
 */
export interface LeakyReluOp extends OpBase {
  readonly op: 'leakyRelu';
  readonly alpha: number;
}

/** Options of {@link LeakyReluMethods.leakyRelu}. */
export interface LeakyReluOptions {
  /** Slope below zero; default 0.01. */
  readonly alpha?: number;
}

/** Methods of `GraphBuilder`. */
export interface LeakyReluMethods {
  /** Rectified linear unit with a slope below zero. */
  leakyRelu(x: ValueId, options?: LeakyReluOptions): ValueId;
}

export const leakyRelu = defineUnary<LeakyReluOp, LeakyReluMethods>('leakyRelu', {
  attributes: { alpha: number },
  lastArgument: 'options',
  methods: {
    leakyRelu: (writer, x, { alpha = 0.01, ...unknown } = {}) => writer.add<LeakyReluOp>({ op: 'leakyRelu', inputs: [x], alpha }, unknown),
  },
  compute: (x, { alpha }) => (x > 0 ? x : alpha * x),
  edges: {
    leakyRelu: (g) => g.leakyRelu(g.input([2, 4, 4, 3])),
    'leakyRelu with another slope': (g) => g.leakyRelu(g.input([2, 5]), { alpha: 0.3 }),
  },
});
