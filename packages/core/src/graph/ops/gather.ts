import { integer, naturals } from '../attributes.ts';
import { checkAxis, resolveAxis } from '../axes.ts';
import type { OpBase, Operator } from '../operator.ts';
import type { ValueId } from '../values.ts';
import { pick } from '../walk.ts';

/**
 * Slices of an axis at constant indices, in their order.
 *
 * @shapes any to the number of indices at `axis`
 */
export interface GatherOp extends OpBase {
  readonly op: 'gather';
  readonly indices: readonly number[];
  readonly axis: number;
}

/** Options of {@link GatherMethods.gather}. */
export interface GatherOptions {
  /** Negative counts from the end; default 0. */
  readonly axis?: number;
}

/** Methods of `GraphBuilder`. */
export interface GatherMethods {
  /** Pick slices of an axis by constant indices: rows of an embedding, channels, a flip. */
  gather(x: ValueId, indices: readonly number[], options?: GatherOptions): ValueId;
}

export const gather: Operator<GatherOp, GatherMethods> = {
  op: 'gather',
  attributes: { indices: naturals, axis: integer },
  lastArgument: 'options',
  methods: {
    gather: (writer, x, indices, { axis = 0, ...unknown } = {}) =>
      writer.add<GatherOp>({ op: 'gather', inputs: [x], indices, axis }, unknown),
  },
  infer({ indices, axis: given }, [x], fail) {
    const axis = checkAxis(given, x!, fail);
    if (indices.length === 0) fail('needs at least one index');
    const outside = indices.find((index) => index >= x![axis]!);
    if (outside !== undefined) fail(`has index ${outside}, but axis ${axis} has ${x![axis]}`);
    return [x!.map((size, other) => (other === axis ? indices.length : size))];
  },
  flops: () => 0,
  compute({ indices, axis: given }, { inputs: [x], shapes: [shape] }) {
    const axis = resolveAxis(given, x!.shape.length);
    return [pick(x!, shape!, (position) => position.map((i, other) => (other === axis ? indices[i]! : i)))];
  },
  edges: {
    'gather of rows': (g) => g.gather(g.input([6, 4]), [5, 0, 0, 3]),
    'gather of channels': (g) => g.gather(g.input([2, 3, 3, 4]), [3, 1, 2, 0, 2], { axis: -1 }),
    'gather of one token': (g) => g.gather(g.input([2, 5, 3]), [0], { axis: 1 }),
    'gather that flips the width': (g) => g.gather(g.input([1, 2, 4, 3]), [3, 2, 1, 0], { axis: 2 }),
  },
};
