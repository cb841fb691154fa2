import type { OpBase } from '../operator.ts';
import { defineUnary } from '../unary.ts';
import type { ValueId } from '../values.ts';

/**
 * `e` to the power of `x`.
 *
 * @shapes any to the same
 */
export interface ExpOp extends OpBase {
  readonly op: 'exp';
}

/** Methods of `GraphBuilder`. */
export interface ExpMethods {
  /** `e` to the power of `x`. */
  exp(x: ValueId): ValueId;
}

export const exp = defineUnary<ExpOp, ExpMethods>('exp', {
  attributes: {},
  methods: { exp: (writer, x) => writer.add<ExpOp>({ op: 'exp', inputs: [x] }) },
  flops: 4,
  compute: (x) => Math.exp(x),
});
