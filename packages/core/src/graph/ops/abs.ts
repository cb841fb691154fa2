import type { OpBase } from '../operator.ts';
import { defineUnary } from '../unary.ts';
import type { ValueId } from '../values.ts';

/**
 * `|x|`.
 *
 * @shapes any to the same
 */
export interface AbsOp extends OpBase {
  readonly op: 'abs';
}

/** Methods of `GraphBuilder`. */
export interface AbsMethods {
  /** `|x|`. */
  abs(x: ValueId): ValueId;
}

export const abs = defineUnary<AbsOp, AbsMethods>('abs', {
  attributes: {},
  methods: { abs: (writer, x) => writer.add<AbsOp>({ op: 'abs', inputs: [x] }) },
  compute: (x) => Math.abs(x),
});
