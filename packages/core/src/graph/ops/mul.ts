import { defineBinary } from '../binary.ts';
import type { OpBase } from '../operator.ts';
import type { ValueId } from '../values.ts';

/**
 * `a * b`, element by element.
 *
 * @shapes any two that broadcast, to what they broadcast to
 */
export interface MulOp extends OpBase {
  readonly op: 'mul';
}

/** Methods of `GraphBuilder`. */
export interface MulMethods {
  /** `a * b`. */
  mul(a: ValueId, b: ValueId): ValueId;
}

export const mul = defineBinary<MulOp, MulMethods>('mul', (a, b) => a * b, {
  mul: (writer, a, b) => writer.add<MulOp>({ op: 'mul', inputs: [a, b] }),
});
