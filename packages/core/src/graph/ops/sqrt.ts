import type { OpBase } from '../operator.ts';
import { defineUnary } from '../unary.ts';
import type { ValueId } from '../values.ts';

/**
 * Square root of `x`, which must not be negative.
 *
 * @shapes any to the same
 */
export interface SqrtOp extends OpBase {
  readonly op: 'sqrt';
}

/** Methods of `GraphBuilder`. */
export interface SqrtMethods {
  /** Square root of `x`, which must not be negative. */
  sqrt(x: ValueId): ValueId;
}

export const sqrt = defineUnary<SqrtOp, SqrtMethods>('sqrt', {
  attributes: {},
  methods: { sqrt: (writer, x) => writer.add<SqrtOp>({ op: 'sqrt', inputs: [x] }) },
  positive: true,
  compute: (x) => Math.sqrt(x),
});
