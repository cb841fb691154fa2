import type { OpBase } from '../operator.ts';
import { defineUnary } from '../unary.ts';
import type { ValueId } from '../values.ts';

/**
 * Hyperbolic tangent.
 *
 * @shapes any to the same
 */
export interface TanhOp extends OpBase {
  readonly op: 'tanh';
}

/** Methods of `GraphBuilder`. */
export interface TanhMethods {
  /** Hyperbolic tangent. */
  tanh(x: ValueId): ValueId;
}

export const tanh = defineUnary<TanhOp, TanhMethods>('tanh', {
  attributes: {},
  methods: { tanh: (writer, x) => writer.add<TanhOp>({ op: 'tanh', inputs: [x] }) },
  flops: 4,
  compute: (x) => Math.tanh(x),
});
