import { integer } from '../attributes.ts';
import { checkAxis, resolveAxis } from '../axes.ts';
import type { OpBase, Operator } from '../operator.ts';
import type { ValueId } from '../values.ts';
import { pick } from '../walk.ts';

/**
 * A value taken apart along an axis, which goes.
 *
 * @shapes any to as many as `axis` is long, without it
 */
export interface UnpackOp extends OpBase {
  readonly op: 'unpack';
  readonly axis: number;
}

/** Options of {@link UnpackMethods.unpack}. */
export interface UnpackOptions {
  /** Negative counts from the end; default 0. */
  readonly axis?: number;
}

/** Methods of `GraphBuilder`. */
export interface UnpackMethods {
  /**
   * Take apart along an axis; also known as unstack.
   *
   * @param parts - the size of the axis
   */
  unpack(x: ValueId, parts: number, options?: UnpackOptions): readonly ValueId[];
}

export const unpack: Operator<UnpackOp, UnpackMethods> = {
  op: 'unpack',
  outputs: 'many',
  attributes: { axis: integer },
  lastArgument: 'options',
  methods: {
    unpack: (writer, x, parts, { axis = 0, ...unknown } = {}) =>
      writer.addMany<UnpackOp>({ op: 'unpack', inputs: [x], axis }, parts, unknown),
  },
  infer({ axis: given, outputs }, [x], fail) {
    const axis = checkAxis(given, x!, fail);
    if (x!.length === 1) fail('leaves no axis');
    if (x![axis] !== outputs.length) fail(`has ${outputs.length} outputs for ${x![axis]} parts`);
    return outputs.map(() => x!.filter((_, other) => other !== axis));
  },
  flops: () => 0,
  compute({ axis: given }, { inputs: [x], shapes }) {
    const axis = resolveAxis(given, x!.shape.length);
    return shapes.map((shape, part) => pick(x!, shape, (position) => [...position.slice(0, axis), part, ...position.slice(axis)]));
  },
  edges: {
    'unpack of a sequence': (g) => g.unpack(g.input([2, 3, 4]), 3, { axis: 1 }),
    'unpack of queries, keys and values': (g) => g.unpack(g.input([3, 2, 2, 4, 2]), 3),
    'unpack of an image': (g) => g.unpack(g.input([1, 2, 3, 2]), 2, { axis: -1 }),
  },
};
