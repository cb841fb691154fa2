import { defineBinary } from '../binary.ts';
import type { OpBase } from '../operator.ts';
import type { ValueId } from '../values.ts';
import { toValue } from './constant.ts';

/**
 * The larger of `a` and `b`, element by element.
 *
 * @shapes any two that broadcast, to what they broadcast to
 */
export interface MaximumOp extends OpBase {
  readonly op: 'maximum';
}

/** Methods of `GraphBuilder`. */
export interface MaximumMethods {
  /** The larger of `a` and `b`, broadcast as NumPy does; a number is a constant. */
  maximum(a: ValueId | number, b: ValueId | number): ValueId;
}

export const maximum = defineBinary<MaximumOp, MaximumMethods>('maximum', (a, b) => Math.max(a, b), {
  maximum: (writer, a, b) => writer.add<MaximumOp>({ op: 'maximum', inputs: [toValue(writer, a), toValue(writer, b)] }),
});
