import { counts, naturals } from '../attributes.ts';
import type { OpBase, Operator } from '../operator.ts';
import type { ValueId } from '../values.ts';
import { pick } from '../walk.ts';

/**
 * Every `strides`-th element of a block.
 *
 * @shapes any to `ceil((end - begin) / strides)` per axis
 */
export interface StridedSliceOp extends OpBase {
  readonly op: 'stridedSlice';
  readonly begin: readonly number[];
  readonly end: readonly number[];
  readonly strides: readonly number[];
}

/** Methods of `GraphBuilder`. */
export interface StridedSliceMethods {
  /** The elements from `begin` to before `end`, every `strides`-th, each with a number per axis. */
  stridedSlice(x: ValueId, begin: readonly number[], end: readonly number[], strides: readonly number[]): ValueId;
}

export const stridedSlice: Operator<StridedSliceOp, StridedSliceMethods> = {
  op: 'stridedSlice',
  attributes: { begin: naturals, end: counts, strides: counts },
  methods: {
    stridedSlice: (writer, x, begin, end, strides) => writer.add<StridedSliceOp>({ op: 'stridedSlice', inputs: [x], begin, end, strides }),
  },
  infer({ begin, end, strides }, [x], fail) {
    const complete = [begin, end, strides].every(({ length }) => length === x!.length);
    if (!complete || !x!.every((size, axis) => begin[axis]! < end[axis]! && end[axis]! <= size)) {
      fail(`cannot cut [${begin.join(', ')}] to [${end.join(', ')}] by [${strides.join(', ')}] out of [${x!.join(', ')}]`);
    }
    return [x!.map((_, axis) => Math.ceil((end[axis]! - begin[axis]!) / strides[axis]!))];
  },
  flops: () => 0,
  compute: ({ begin, strides }, { inputs: [x], shapes: [shape] }) => [
    pick(x!, shape!, (position) => position.map((i, axis) => begin[axis]! + i * strides[axis]!)),
  ],
  edges: {
    'stridedSlice of an image': (g) => g.stridedSlice(g.input([1, 6, 7, 3]), [0, 1, 0, 0], [1, 6, 7, 3], [1, 2, 3, 1]),
    'stridedSlice of a sequence': (g) => g.stridedSlice(g.input([2, 7, 3]), [0, 0, 0], [2, 6, 3], [1, 2, 2]),
    'stridedSlice of four of five axes': (g) => g.stridedSlice(g.input([2, 4, 3, 2, 4]), [0, 1, 0, 0, 0], [2, 4, 3, 2, 4], [1, 2, 1, 1, 3]),
  },
};
