import { counts } from '../attributes.ts';
import type { OpBase, Operator } from '../operator.ts';
import type { ValueId } from '../values.ts';
import { pick } from '../walk.ts';

/**
 * A value repeated along its axes.
 *
 * @shapes any to each size times its repeats
 */
export interface TileOp extends OpBase {
  readonly op: 'tile';
  readonly repeats: readonly number[];
}

/** Methods of `GraphBuilder`. */
export interface TileMethods {
  /** Repeat along each axis so many times. */
  tile(x: ValueId, repeats: readonly number[]): ValueId;
}

export const tile: Operator<TileOp, TileMethods> = {
  op: 'tile',
  attributes: { repeats: counts },
  methods: { tile: (writer, x, repeats) => writer.add<TileOp>({ op: 'tile', inputs: [x], repeats }) },
  infer({ repeats }, [x], fail) {
    if (repeats.length !== x!.length) fail(`has ${repeats.length} repeats for ${x!.length} axes`);
    return [x!.map((size, axis) => size * repeats[axis]!)];
  },
  flops: () => 0,
  compute: (_, { inputs: [x], shapes: [shape] }) => [pick(x!, shape!, (position) => position.map((i, axis) => i % x!.shape[axis]!))],
  edges: {
    'tile of an image': (g) => g.tile(g.input([1, 2, 3, 2]), [2, 1, 3, 2]),
    'tile of a sequence': (g) => g.tile(g.input([1, 3, 2]), [2, 2, 1]),
    'tile of a vector': (g) => g.tile(g.input([3]), [4]),
  },
};
