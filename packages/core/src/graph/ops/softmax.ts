import { integer } from '../attributes.ts';
import { checkAxis, resolveAxis } from '../axes.ts';
import type { OpBase, Operator } from '../operator.ts';
import { countElements, type Shape, type ValueId } from '../values.ts';
import { forEachLine } from '../walk.ts';

/**
 * `exp(x) / sum(exp(x))` along one axis.
 *
 * @shapes any to the same
 */
export interface SoftmaxOp extends OpBase {
  readonly op: 'softmax';
  readonly axis: number;
}

/** Options of {@link SoftmaxMethods.softmax}. */
export interface SoftmaxOptions {
  /** Negative counts from the end; default -1. */
  readonly axis?: number;
}

/** Methods of `GraphBuilder`. */
export interface SoftmaxMethods {
  /** `exp(x) / sum(exp(x))` along one axis. */
  softmax(x: ValueId, options?: SoftmaxOptions): ValueId;
}

export const softmax: Operator<SoftmaxOp, SoftmaxMethods> = {
  op: 'softmax',
  attributes: { axis: integer },
  lastArgument: 'options',
  methods: {
    softmax: (writer, x, { axis = -1, ...unknown } = {}) => writer.add<SoftmaxOp>({ op: 'softmax', inputs: [x], axis }, unknown),
  },
  infer({ axis }, [x], fail) {
    checkAxis(axis, x!, fail);
    return [x!];
  },
  flops: (_, __, [output]) => 5 * countElements(output as Shape),
  compute({ axis }, { inputs: [x] }) {
    const data = new Float64Array(x!.data.length);
    forEachLine(x!.shape, [resolveAxis(axis, x!.shape.length)], (offsets) => {
      const largest = offsets.reduce((most, at) => Math.max(most, x!.data[at]!), Number.NEGATIVE_INFINITY);
      const sum = offsets.reduce((total, at) => total + Math.exp(x!.data[at]! - largest), 0);
      for (const at of offsets) data[at] = Math.exp(x!.data[at]! - largest) / sum;
    });
    return [{ shape: x!.shape, data }];
  },
  edges: {
    'softmax of classes': (g) => g.softmax(g.input([2, 10])),
    'softmax of a sequence': (g) => g.softmax(g.input([2, 3, 5])),
    'softmax of attention scores': (g) => g.softmax(g.input([1, 3, 4, 4])),
    'softmax of the middle of a sequence': (g) => g.softmax(g.input([2, 3, 5]), { axis: 1 }),
    'softmax of the height of an image': (g) => g.softmax(g.input([2, 3, 4, 5]), { axis: 1 }),
    'softmax of a vector': (g) => g.softmax(g.input([6])),
    'softmax of five axes': (g) => g.softmax(g.input([1, 2, 2, 2, 5])),
  },
};
