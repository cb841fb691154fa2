import { defineBinary } from '../binary.ts';
import type { OpBase } from '../operator.ts';
import type { ValueId } from '../values.ts';
import { toValue } from './constant.ts';

/**
 * The smaller of `a` and `b`, element by element.
 *
 * @shapes any two that broadcast, to what they broadcast to
 */
export interface MinimumOp extends OpBase {
  readonly op: 'minimum';
}

/** Methods of `GraphBuilder`. */
export interface MinimumMethods {
  /** The smaller of `a` and `b`, broadcast as NumPy does; a number is a constant. */
  minimum(a: ValueId | number, b: ValueId | number): ValueId;
}

export const minimum = defineBinary<MinimumOp, MinimumMethods>('minimum', (a, b) => Math.min(a, b), {
  minimum: (writer, a, b) => writer.add<MinimumOp>({ op: 'minimum', inputs: [toValue(writer, a), toValue(writer, b)] }),
});
