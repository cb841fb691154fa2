import { defineBinary } from '../binary.ts';
import type { OpBase } from '../operator.ts';
import type { ValueId } from '../values.ts';
import { toValue } from './constant.ts';

/**
 * `a - b`, element by element.
 *
 * @shapes any two that broadcast, to what they broadcast to
 */
export interface SubOp extends OpBase {
  readonly op: 'sub';
}

/** Methods of `GraphBuilder`. */
export interface SubMethods {
  /** `a - b`, broadcast as NumPy does; a number is a constant. */
  sub(a: ValueId | number, b: ValueId | number): ValueId;
}

export const sub = defineBinary<SubOp, SubMethods>('sub', (a, b) => a - b, {
  sub: (writer, a, b) => writer.add<SubOp>({ op: 'sub', inputs: [toValue(writer, a), toValue(writer, b)] }),
});
