import { boolean, integer } from '../attributes.ts';
import { checkAxis, resolveAxis } from '../axes.ts';
import type { OpBase, Operator } from '../operator.ts';
import { reducedShape } from '../reduce.ts';
import { countElements, type Shape, type ValueId } from '../values.ts';
import { forEachLine } from '../walk.ts';

/**
 * Where along an axis the largest value is, the first of equal ones, as float32 like every value of the graph.
 *
 * @shapes any to the same without `axis`, or with 1 in its place
 */
export interface ArgMaxOp extends OpBase {
  readonly op: 'argMax';
  readonly axis: number;
  readonly keepDims: boolean;
}

/** Options of {@link ArgMaxMethods.argMax}. */
export interface ArgMaxOptions {
  /** Negative counts from the end; default -1. */
  readonly axis?: number;
  /** Keep the axis with size 1; default false. */
  readonly keepDims?: boolean;
}

/** Methods of `GraphBuilder`. */
export interface ArgMaxMethods {
  /** Index of the largest value along an axis. */
  argMax(x: ValueId, options?: ArgMaxOptions): ValueId;
}

export const argMax: Operator<ArgMaxOp, ArgMaxMethods> = {
  op: 'argMax',
  attributes: { axis: integer, keepDims: boolean },
  lastArgument: 'options',
  methods: {
    argMax: (writer, x, { axis = -1, keepDims = false, ...unknown } = {}) =>
      writer.add<ArgMaxOp>({ op: 'argMax', inputs: [x], axis, keepDims }, unknown),
  },
  infer({ axis, keepDims }, [x], fail) {
    const shape = reducedShape(x!, [checkAxis(axis, x!, fail)], keepDims);
    if (shape.length === 0) fail('leaves no axis; set keepDims');
    return [shape];
  },
  flops: (_, [input]) => countElements(input as Shape),
  compute({ axis }, { inputs: [x], shapes: [shape] }) {
    const data: number[] = [];
    forEachLine(x!.shape, [resolveAxis(axis, x!.shape.length)], (offsets) => {
      data.push(offsets.reduce((best, at, index) => (x!.data[at]! > x!.data[offsets[best]!]! ? index : best), 0));
    });
    return [{ shape: shape!, data: Float64Array.from(data) }];
  },
  edges: {
    'argMax of classes': (g) => g.argMax(g.input([2, 10])),
    'argMax of the channels of an image': (g) => g.argMax(g.input([2, 3, 4, 5])),
    'argMax of the height, kept': (g) => g.argMax(g.input([2, 3, 4, 5]), { axis: 1, keepDims: true }),
    'argMax of the height': (g) => g.argMax(g.input([2, 3, 4, 5]), { axis: 1 }),
  },
};
