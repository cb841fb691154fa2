import { defineBinary } from '../binary.ts';
import type { OpBase } from '../operator.ts';
import type { ValueId } from '../values.ts';
import { toValue } from './constant.ts';

/**
 * `a / b`, element by element.
 *
 * @shapes any two that broadcast, to what they broadcast to
 */
export interface DivOp extends OpBase {
  readonly op: 'div';
}

/** Methods of `GraphBuilder`. */
export interface DivMethods {
  /** `a / b`, broadcast as NumPy does; a number is a constant. */
  div(a: ValueId | number, b: ValueId | number): ValueId;
}

export const div = defineBinary<DivOp, DivMethods>('div', (a, b) => a / b, {
  div: (writer, a, b) => writer.add<DivOp>({ op: 'div', inputs: [toValue(writer, a), toValue(writer, b)] }),
});
