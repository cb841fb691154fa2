import { defineBinary } from '../binary.ts';
import type { OpBase } from '../operator.ts';
import type { ValueId } from '../values.ts';
import { toValue } from './constant.ts';

/**
 * `a` to the power of `b`, element by element.
 *
 * @shapes any two that broadcast, to what they broadcast to
 */
export interface PowOp extends OpBase {
  readonly op: 'pow';
}

/** Methods of `GraphBuilder`. */
export interface PowMethods {
  /** `a` to the power of `b`, broadcast as NumPy does; a number is a constant. */
  pow(a: ValueId | number, b: ValueId | number): ValueId;
}

export const pow = defineBinary<PowOp, PowMethods>('pow', (a, b) => a ** b, {
  pow: (writer, a, b) => writer.add<PowOp>({ op: 'pow', inputs: [toValue(writer, a), toValue(writer, b)] }),
});
