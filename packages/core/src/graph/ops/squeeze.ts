import { integers } from '../attributes.ts';
import { checkAxes } from '../axes.ts';
import type { OpBase, Operator } from '../operator.ts';
import type { ValueId } from '../values.ts';

/**
 * A value without axes of size 1.
 *
 * @shapes any to the same without `axes`
 */
export interface SqueezeOp extends OpBase {
  readonly op: 'squeeze';
  readonly axes: readonly number[];
}

/** Methods of `GraphBuilder`. */
export interface SqueezeMethods {
  /** Drop axes of size 1; negative ones count from the end. */
  squeeze(x: ValueId, axes: readonly number[]): ValueId;
}

export const squeeze: Operator<SqueezeOp, SqueezeMethods> = {
  op: 'squeeze',
  attributes: { axes: integers },
  methods: { squeeze: (writer, x, axes) => writer.add<SqueezeOp>({ op: 'squeeze', inputs: [x], axes }) },
  infer({ axes: given }, [x], fail) {
    if (given.length === 0) fail('needs at least one axis');
    const axes = checkAxes(given, x!, fail);
    if (axes.some((axis) => x![axis] !== 1)) fail(`cannot drop axes [${given.join(', ')}] of [${x!.join(', ')}], whose size is not 1`);
    if (axes.length === x!.length) fail('leaves no axis');
    return [x!.filter((_, axis) => !axes.includes(axis))];
  },
  flops: () => 0,
  compute: (_, { inputs: [x], shapes: [shape] }) => [{ shape: shape!, data: x!.data }],
  edges: {
    'squeeze of a pooled image': (g) => g.squeeze(g.input([2, 1, 1, 5]), [1, 2]),
    'squeeze of a batch': (g) => g.squeeze(g.input([1, 3, 4, 2]), [0]),
    'squeeze of the last axis': (g) => g.squeeze(g.input([2, 3, 1]), [-1]),
  },
};
