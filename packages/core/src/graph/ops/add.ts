import { defineBinary } from '../binary.ts';
import type { OpBase } from '../operator.ts';
import type { ValueId } from '../values.ts';
import { toValue } from './constant.ts';

/**
 * `a + b`, element by element.
 *
 * @shapes any two that broadcast, to what they broadcast to
 */
export interface AddOp extends OpBase {
  readonly op: 'add';
}

/** Methods of `GraphBuilder`. */
export interface AddMethods {
  /** `a + b`, broadcast as NumPy does; a number is a constant. */
  add(a: ValueId | number, b: ValueId | number): ValueId;
}

export const add = defineBinary<AddOp, AddMethods>('add', (a, b) => a + b, {
  add: (writer, a, b) => writer.add<AddOp>({ op: 'add', inputs: [toValue(writer, a), toValue(writer, b)] }),
});
