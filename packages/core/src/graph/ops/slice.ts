import { counts, naturals } from '../attributes.ts';
import type { OpBase, Operator } from '../operator.ts';
import type { ValueId } from '../values.ts';
import { pick } from '../walk.ts';

/**
 * A block of a value.
 *
 * @shapes any to `size`
 */
export interface SliceOp extends OpBase {
  readonly op: 'slice';
  readonly begin: readonly number[];
  readonly size: readonly number[];
}

/** Methods of `GraphBuilder`. */
export interface SliceMethods {
  /** The block of `size` that starts at `begin`, each with a number per axis. */
  slice(x: ValueId, begin: readonly number[], size: readonly number[]): ValueId;
}

export const slice: Operator<SliceOp, SliceMethods> = {
  op: 'slice',
  attributes: { begin: naturals, size: counts },
  methods: { slice: (writer, x, begin, size) => writer.add<SliceOp>({ op: 'slice', inputs: [x], begin, size }) },
  infer({ begin, size }, [x], fail) {
    const fits = begin.length === x!.length && size.length === x!.length && x!.every((all, axis) => begin[axis]! + size[axis]! <= all);
    if (!fits) fail(`cannot cut [${size.join(', ')}] at [${begin.join(', ')}] out of [${x!.join(', ')}]`);
    return [size];
  },
  flops: () => 0,
  compute: ({ begin }, { inputs: [x], shapes: [shape] }) => [pick(x!, shape!, (position) => position.map((i, axis) => i + begin[axis]!))],
  edges: {
    'slice of a sequence': (g) => g.slice(g.input([2, 5, 3]), [0, 1, 0], [2, 3, 3]),
    'slice of an image': (g) => g.slice(g.input([2, 5, 4, 3]), [1, 1, 0, 1], [1, 3, 4, 2]),
    'slice of a vector': (g) => g.slice(g.input([7]), [2], [3]),
    'slice of five axes': (g) => g.slice(g.input([2, 2, 3, 2, 4]), [0, 1, 1, 0, 1], [2, 1, 2, 2, 2]),
  },
};
