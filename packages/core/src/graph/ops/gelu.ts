import { oneOf } from '../attributes.ts';
import { errorFunction } from '../error-function.ts';
import type { OpBase } from '../operator.ts';
import { defineUnary } from '../unary.ts';
import type { ValueId } from '../values.ts';

/**
 * `x * (1 + erf(x / sqrt(2))) / 2`, or with `tanh` its approximation `x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))) / 2`.
 *
 * @shapes any to the same
 */
export interface GeluOp extends OpBase {
  readonly op: 'gelu';
  readonly approximate: 'none' | 'tanh';
}

/** Options of {@link GeluMethods.gelu}. */
export interface GeluOptions {
  /** `none` (default): with the error function; `tanh`: the approximation. */
  readonly approximate?: 'none' | 'tanh';
}

/** Methods of `GraphBuilder`. */
export interface GeluMethods {
  /** Gaussian error linear unit, in both its forms. */
  gelu(x: ValueId, options?: GeluOptions): ValueId;
}

export const gelu = defineUnary<GeluOp, GeluMethods>('gelu', {
  attributes: { approximate: oneOf(['none', 'tanh']) },
  lastArgument: 'options',
  methods: {
    gelu: (writer, x, { approximate = 'none', ...unknown } = {}) => writer.add<GeluOp>({ op: 'gelu', inputs: [x], approximate }, unknown),
  },
  flops: 8,
  compute: (x, { approximate }) =>
    approximate === 'none'
      ? (x * (1 + errorFunction(x / Math.SQRT2))) / 2
      : (x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)))) / 2,
  edges: {
    gelu: (g) => g.gelu(g.input([2, 4, 4, 3])),
    'gelu of a sequence': (g) => g.gelu(g.input([2, 5, 8])),
    'gelu, approximated': (g) => g.gelu(g.input([2, 5, 8]), { approximate: 'tanh' }),
  },
});
