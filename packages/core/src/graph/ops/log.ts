import type { OpBase } from '../operator.ts';
import { defineUnary } from '../unary.ts';
import type { ValueId } from '../values.ts';

/**
 * Natural logarithm of `x`, which must be positive.
 *
 * @shapes any to the same
 */
export interface LogOp extends OpBase {
  readonly op: 'log';
}

/** Methods of `GraphBuilder`. */
export interface LogMethods {
  /** Natural logarithm of `x`, which must be positive. */
  log(x: ValueId): ValueId;
}

export const log = defineUnary<LogOp, LogMethods>('log', {
  attributes: {},
  methods: { log: (writer, x) => writer.add<LogOp>({ op: 'log', inputs: [x] }) },
  flops: 4,
  positive: true,
  compute: (x) => Math.log(x),
});
