import { integer, optional, unlessDefault } from '../attributes.ts';
import { checkAxis, resolveAxis } from '../axes.ts';
import { stridesOf } from '../broadcast.ts';
import type { OpBase, Operator } from '../operator.ts';
import { emptyValue } from '../reference-value.ts';
import type { Shape, ValueId } from '../values.ts';

/**
 * Values joined along an axis.
 *
 * @shapes equal but for one axis, to the sum of it
 */
export interface ConcatOp extends OpBase {
  readonly op: 'concat';
  /** Absent for the last. */
  readonly axis?: number;
}

/** Options of {@link ConcatMethods.concat}. */
export interface ConcatOptions {
  /** Negative counts from the end; default -1, channels. */
  readonly axis?: number;
}

/** Methods of `GraphBuilder`. */
export interface ConcatMethods {
  /** Join along an axis. */
  concat(values: readonly ValueId[], options?: ConcatOptions): ValueId;
}

/** Elements that follow each other in memory: all of an axis and those behind it. */
const runOf = (shape: Shape, axis: number): number => shape[axis]! * stridesOf(shape)[axis]!;

export const concat: Operator<ConcatOp, ConcatMethods> = {
  op: 'concat',
  inputs: [1, Number.POSITIVE_INFINITY],
  attributes: { axis: optional(integer) },
  lastArgument: 'options',
  methods: {
    concat: (writer, values, { axis = -1, ...unknown } = {}) =>
      writer.add<ConcatOp>({ op: 'concat', inputs: values, axis: unlessDefault(axis, -1) }, unknown),
  },
  infer({ axis: given = -1 }, inputs, fail) {
    const first = inputs[0]!;
    const axis = checkAxis(given, first, fail);
    for (const shape of inputs) {
      if (shape.length !== first.length || !first.every((size, other) => other === axis || size === shape[other])) {
        const what = axis === first.length - 1 ? 'channels' : `axis ${axis}`;
        fail(`joins [${first.join(', ')}] and [${shape.join(', ')}], which differ in more than ${what}`);
      }
    }
    return [first.map((size, other) => (other === axis ? inputs.reduce((sum, shape) => sum + shape[axis]!, 0) : size))];
  },
  flops: () => 0,
  compute({ axis: given = -1 }, { inputs, shapes: [shape] }) {
    const axis = resolveAxis(given, shape!.length);
    const output = emptyValue(shape!);
    const run = runOf(shape!, axis);
    for (let start = 0; start < output.data.length; start += run) {
      let offset = start;
      for (const value of inputs) {
        const own = runOf(value.shape, axis);
        output.data.set(value.data.subarray((start / run) * own, (start / run + 1) * own), offset);
        offset += own;
      }
    }
    return [output];
  },
  edges: {
    'concat along the height': (g) => g.concat([g.input([2, 2, 3, 4]), g.input([2, 3, 3, 4])], { axis: 1 }),
    'concat of sequences': (g) => g.concat([g.input([2, 1, 4]), g.input([2, 5, 4])], { axis: 1 }),
    'concat of batches': (g) => g.concat([g.input([1, 3]), g.input([2, 3])], { axis: 0 }),
    'concat with a constant': (g) => g.concat([g.constant([1, 1, 4]), g.input([1, 5, 4])], { axis: 1 }),
    'concat along the width of five axes': (g) => g.concat([g.input([1, 2, 2, 1, 3]), g.input([1, 2, 2, 2, 3])], { axis: -2 }),
  },
};
