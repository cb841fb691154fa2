import { defineBinary } from '../binary.ts';
import type { OpBase } from '../operator.ts';
import type { ValueId } from '../values.ts';
import { toValue } from './constant.ts';

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
  /** `a * b`, broadcast as NumPy does; a number is a constant. */
  mul(a: ValueId | number, b: ValueId | number): ValueId;
}

export const mul = defineBinary<MulOp, MulMethods>('mul', (a, b) => a * b, {
  mul: (writer, a, b) => writer.add<MulOp>({ op: 'mul', inputs: [toValue(writer, a), toValue(writer, b)] }),
});
