import { errorFunction } from '../error-function.ts';
import type { OpBase } from '../operator.ts';
import { defineUnary } from '../unary.ts';
import type { ValueId } from '../values.ts';

/**
 * Gauss error function.
 *
 * @shapes any to the same
 */
export interface ErfOp extends OpBase {
  readonly op: 'erf';
}

/** Methods of `GraphBuilder`. */
export interface ErfMethods {
  /** Gauss error function. */
  erf(x: ValueId): ValueId;
}

export const erf = defineUnary<ErfOp, ErfMethods>('erf', {
  attributes: {},
  methods: { erf: (writer, x) => writer.add<ErfOp>({ op: 'erf', inputs: [x] }) },
  flops: 8,
  compute: (x) => errorFunction(x),
});
