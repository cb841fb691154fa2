import { integer } from '../attributes.ts';
import { checkAxis, resolveAxis } from '../axes.ts';
import type { OpBase, Operator } from '../operator.ts';
import { countElements, type Shape, type ValueId } from '../values.ts';
import { forEachLine } from '../walk.ts';

/**
 * `x - log(sum(exp(x)))` along one axis.
 *
 * @shapes any to the same
 */
export interface LogSoftmaxOp extends OpBase {
  readonly op: 'logSoftmax';
  readonly axis: number;
}

/** Options of {@link LogSoftmaxMethods.logSoftmax}. */
export interface LogSoftmaxOptions {
  /** Negative counts from the end; default -1. */
  readonly axis?: number;
}

/** Methods of `GraphBuilder`. */
export interface LogSoftmaxMethods {
  /** `x - log(sum(exp(x)))` along one axis. */
  logSoftmax(x: ValueId, options?: LogSoftmaxOptions): ValueId;
}

export const logSoftmax: Operator<LogSoftmaxOp, LogSoftmaxMethods> = {
  op: 'logSoftmax',
  attributes: { axis: integer },
  lastArgument: 'options',
  methods: {
    logSoftmax: (writer, x, { axis = -1, ...unknown } = {}) => writer.add<LogSoftmaxOp>({ op: 'logSoftmax', inputs: [x], axis }, unknown),
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
      for (const at of offsets) data[at] = x!.data[at]! - largest - Math.log(sum);
    });
    return [{ shape: x!.shape, data }];
  },
  edges: {
    'logSoftmax of classes': (g) => g.logSoftmax(g.input([2, 10])),
    'logSoftmax of a sequence': (g) => g.logSoftmax(g.input([2, 3, 5])),
    'logSoftmax of attention scores': (g) => g.logSoftmax(g.input([1, 3, 4, 4])),
    'logSoftmax of the middle of a sequence': (g) => g.logSoftmax(g.input([2, 3, 5]), { axis: 1 }),
    'logSoftmax of the height of an image': (g) => g.logSoftmax(g.input([2, 3, 4, 5]), { axis: 1 }),
    'logSoftmax of a vector': (g) => g.logSoftmax(g.input([6])),
    'logSoftmax of five axes': (g) => g.logSoftmax(g.input([1, 2, 2, 2, 5])),
  },
};
