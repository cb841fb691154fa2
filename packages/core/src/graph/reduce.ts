import { boolean, integers } from './attributes.ts';
import { checkAxes, resolveAxes } from './axes.ts';
import type { EdgeWriters, OpBase, Operator } from './operator.ts';
import { countElements, type Shape, type ValueId } from './values.ts';
import { forEachLine } from './walk.ts';

/** Axes that are reduced. */
export interface ReduceOp extends OpBase {
  /** Empty for all. */
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

/** What a builder method takes for a reduction. */
export interface ReduceOptions {
  /** Axes; negative ones count from the end; default all. */
  readonly axes?: readonly number[];
  /** Keep the reduced axes with size 1; default false. */
  readonly keepDims?: boolean;
}

/** A shape after its axes, counted from the front, were reduced. */
export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
  return keepDims ? shape.map((size, axis) => (axes.includes(axis) ? 1 : size)) : shape.filter((_, axis) => !axes.includes(axis));
}

/** An operator that makes one number of many. */
export function defineReduce<O extends ReduceOp, M>(
  op: O['op'],
  combine: (values: readonly number[]) => number,
  methods: Operator<O, M>['methods'],
): Operator<O, M> {
  return {
    op,
    attributes: { axes: integers, keepDims: boolean } as unknown as Operator<O, M>['attributes'],
    methods,
    lastArgument: 'options',
    infer({ axes, keepDims }, [x], fail) {
      const shape = reducedShape(x!, checkAxes(axes, x!, fail), keepDims);
      if (shape.length === 0) fail('reduces every axis and leaves none; set keepDims, or reduce fewer');
      return [shape];
    },
    flops: (_, [input]) => countElements(input as Shape),
    compute({ axes }, { inputs: [x], shapes: [shape] }) {
      const data: number[] = [];
      forEachLine(x!.shape, resolveAxes(axes, x!.shape.length), (offsets) => data.push(combine(offsets.map((at) => x!.data[at]!))));
      return [{ shape: shape!, data: Float64Array.from(data) }];
    },
    edges: reduceEdges<M>(op),
  };
}

function reduceEdges<M>(op: string): EdgeWriters<M> {
  type Reduce = (x: ValueId, options: ReduceOptions) => ValueId;
  const cases: Readonly<Record<string, readonly [Shape, ReduceOptions]>> = {
    'the last axis of a matrix': [[3, 5], { axes: [-1] }],
    'the middle of a sequence, kept': [[2, 5, 3], { axes: [1], keepDims: true }],
    'height and width, kept': [[2, 3, 4, 5], { axes: [1, 2], keepDims: true }],
    'height alone': [[2, 3, 4, 5], { axes: [1] }],
    'the channels of an image': [[2, 3, 4, 5], { axes: [-1] }],
    'width and channels': [[2, 3, 4, 5], { axes: [3, 2] }],
    'the batch': [[2, 3, 4, 5], { axes: [0] }],
    'every axis, kept': [[2, 3, 2], { keepDims: true }],
    'an axis of five': [[2, 3, 2, 2, 3], { axes: [2] }],
  };
  return Object.fromEntries(
    Object.entries(cases).map(([name, [shape, options]]) => [
      `${op} of ${name}`,
      (g) => (g as unknown as Readonly<Record<string, Reduce>>)[op]!(g.input(shape), options),
    ]),
  );
}
