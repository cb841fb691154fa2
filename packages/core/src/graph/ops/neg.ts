import type { OpBase } from '../operator.ts';
import { defineUnary } from '../unary.ts';
import type { ValueId } from '../values.ts';

/**
 * `-x`.
 *
 * @shapes any to the same
 */
export interface NegOp extends OpBase {
  readonly op: 'neg';
}

/** Methods of `GraphBuilder`. */
export interface NegMethods {
  /** `-x`. */
  neg(x: ValueId): ValueId;
}

export const neg = defineUnary<NegOp, NegMethods>('neg', {
  attributes: {},
  methods: { neg: (writer, x) => writer.add<NegOp>({ op: 'neg', inputs: [x] }) },
  compute: (x) => -x,
});
