import { integer, positive } from '../attributes.ts';
import { checkAxis, resolveAxis } from '../axes.ts';
import type { OpBase, Operator } from '../operator.ts';
import { countElements, type Shape, type ValueId } from '../values.ts';
import { forEachLine } from '../walk.ts';

/**
 * `x / max(sqrt(sum(x * x)), epsilon)` along one axis.
 *
 * @shapes any to the same
 */
export interface L2NormalizeOp extends OpBase {
  readonly op: 'l2Normalize';
  readonly axis: number;
  readonly epsilon: number;
}

/** Options of {@link L2NormalizeMethods.l2Normalize}. */
export interface L2NormalizeOptions {
  /** Negative counts from the end; default -1. */
  readonly axis?: number;
  /** Least length; default 1e-6. */
  readonly epsilon?: number;
}

/** Methods of `GraphBuilder`. */
export interface L2NormalizeMethods {
  /** Vectors of length 1 along an axis. */
  l2Normalize(x: ValueId, options?: L2NormalizeOptions): ValueId;
}

export const l2Normalize: Operator<L2NormalizeOp, L2NormalizeMethods> = {
  op: 'l2Normalize',
  attributes: { axis: integer, epsilon: positive },
  lastArgument: 'options',
  methods: {
    l2Normalize: (writer, x, { axis = -1, epsilon = 1e-6, ...unknown } = {}) =>
      writer.add<L2NormalizeOp>({ op: 'l2Normalize', inputs: [x], axis, epsilon }, unknown),
  },
  infer({ axis }, [x], fail) {
    checkAxis(axis, x!, fail);
    return [x!];
  },
  flops: (_, __, [output]) => 3 * countElements(output as Shape),
  compute({ axis, epsilon }, { inputs: [x] }) {
    const data = new Float64Array(x!.data.length);
    forEachLine(x!.shape, [resolveAxis(axis, x!.shape.length)], (offsets) => {
      const length = Math.sqrt(offsets.reduce((sum, at) => sum + x!.data[at]! * x!.data[at]!, 0));
      for (const at of offsets) data[at] = x!.data[at]! / Math.max(length, epsilon);
    });
    return [{ shape: x!.shape, data }];
  },
  edges: {
    'l2Normalize of five axes': (g) => g.l2Normalize(g.input([2, 1, 2, 3, 4]), { axis: 2 }),
    'l2Normalize of vectors': (g) => g.l2Normalize(g.input([3, 8])),
    'l2Normalize of channels': (g) => g.l2Normalize(g.input([2, 3, 4, 5])),
    'l2Normalize of the middle of a sequence': (g) => g.l2Normalize(g.input([2, 5, 3]), { axis: 1 }),
  },
};
