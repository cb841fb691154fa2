import type { OpBase } from '../operator.ts';
import { defineUnary } from '../unary.ts';
import type { ValueId } from '../values.ts';

/**
 * `1 / sqrt(x)`; `x` must be positive.
 *
 * @shapes any to the same
 */
export interface RsqrtOp extends OpBase {
  readonly op: 'rsqrt';
}

/** Methods of `GraphBuilder`. */
export interface RsqrtMethods {
  /** `1 / sqrt(x)`; `x` must be positive. */
  rsqrt(x: ValueId): ValueId;
}

export const rsqrt = defineUnary<RsqrtOp, RsqrtMethods>('rsqrt', {
  attributes: {},
  methods: { rsqrt: (writer, x) => writer.add<RsqrtOp>({ op: 'rsqrt', inputs: [x] }) },
  flops: 2,
  positive: true,
  compute: (x) => 1 / Math.sqrt(x),
});
