import { defineBinary } from '../binary.ts';
import type { OpBase } from '../operator.ts';
import type { ValueId } from '../values.ts';

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
  /** `a + b`. */
  add(a: ValueId, b: ValueId): ValueId;
}

export const add = defineBinary<AddOp, AddMethods>('add', (a, b) => a + b, {
  add: (writer, a, b) => writer.add<AddOp>({ op: 'add', inputs: [a, b] }),
});
