import type { OpBase } from '../operator.ts';
import { defineUnary } from '../unary.ts';
import type { ValueId } from '../values.ts';

/**
 * `x * tanh(log(1 + exp(x)))`.
 *
 * @shapes any to the same
 */
export interface MishOp extends OpBase {
  readonly op: 'mish';
}

/** Methods of `GraphBuilder`. */
export interface MishMethods {
  /** `x * tanh(log(1 + exp(x)))`. */
  mish(x: ValueId): ValueId;
}

export const mish = defineUnary<MishOp, MishMethods>('mish', {
  attributes: {},
  methods: { mish: (writer, x) => writer.add<MishOp>({ op: 'mish', inputs: [x] }) },
  flops: 8,
  compute: (x) => x * Math.tanh(Math.log1p(Math.exp(x))),
});
