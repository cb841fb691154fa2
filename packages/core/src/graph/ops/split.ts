import { counts, integer, optional, unlessDefault } from '../attributes.ts';
import { checkAxis, resolveAxis } from '../axes.ts';
import type { OpBase, Operator } from '../operator.ts';
import type { ValueId } from '../values.ts';
import { pick } from '../walk.ts';

/**
 * A value cut along an axis into `outputs.length` parts.
 *
 * @shapes any to the parts
 */
export interface SplitOp extends OpBase {
  readonly op: 'split';
  /** Absent for the last. */
  readonly axis?: number;
  /** Of the parts along the axis; absent for equal ones. */
  readonly sizes?: readonly number[];
}

/** Options of {@link SplitMethods.split}. */
export interface SplitOptions {
  /** Negative counts from the end; default -1, channels. */
  readonly axis?: number;
}

/** Methods of `GraphBuilder`. */
export interface SplitMethods {
  /**
   * Cut along an axis.
   *
   * @param parts - the number of equal parts, or the size of each
   */
  split(x: ValueId, parts: number | readonly number[], options?: SplitOptions): readonly ValueId[];
}

const isList = (parts: number | readonly number[]): parts is readonly number[] => Array.isArray(parts);

export const split: Operator<SplitOp, SplitMethods> = {
  op: 'split',
  outputs: 'many',
  attributes: { axis: optional(integer), sizes: optional(counts) },
  lastArgument: 'options',
  methods: {
    split: (writer, x, parts, { axis = -1, ...unknown } = {}) =>
      writer.addMany<SplitOp>(
        { op: 'split', inputs: [x], axis: unlessDefault(axis, -1), sizes: isList(parts) ? parts : undefined },
        isList(parts) ? parts.length : parts,
        unknown,
      ),
  },
  infer({ axis: given = -1, sizes, outputs }, [x], fail) {
    const axis = checkAxis(given, x!, fail);
    const what = axis === x!.length - 1 ? `${x![axis]} channels` : `${x![axis]} of axis ${axis}`;
    if (sizes === undefined && x![axis]! % outputs.length !== 0) fail(`cannot split ${what} into ${outputs.length} equal parts`);
    if (sizes !== undefined && (sizes.length !== outputs.length || sizes.reduce((sum, size) => sum + size, 0) !== x![axis])) {
      fail(`cannot split ${what} into parts of ${sizes.join(', ')}`);
    }
    return outputs.map((_, part) => x!.map((size, other) => (other !== axis ? size : (sizes?.[part] ?? size / outputs.length))));
  },
  flops: () => 0,
  compute({ axis: given = -1 }, { inputs: [x], shapes }) {
    const axis = resolveAxis(given, x!.shape.length);
    return shapes.map((shape, part) => {
      const start = shapes.slice(0, part).reduce((sum, before) => sum + before[axis]!, 0);
      return pick(x!, shape, (position) => position.map((i, other) => (other === axis ? i + start : i)));
    });
  },
  edges: {
    'split along the height': (g) => g.split(g.input([2, 4, 3, 2]), 2, { axis: 1 }),
    'split of a sequence into unequal parts': (g) => g.split(g.input([2, 7, 3]), [1, 4, 2], { axis: 1 }),
    'split of channels into unequal parts': (g) => g.split(g.input([1, 3, 3, 7]), [3, 4]),
    'split of a sequence into heads': (g) => g.split(g.input([2, 5, 9]), 3),
  },
};
