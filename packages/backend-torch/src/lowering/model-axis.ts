import { resolveAxes, resolveAxis } from '@nnm/core';
import { type LoweringContext, shapeOf } from './context.ts';
import { axesOf, axisIn } from './layout-of-axes.ts';

/** The model's axis for an axis of an op's input. */
export function modelAxis(axis: number, op: { readonly inputs: readonly string[] }, context: LoweringContext): number {
  const rank = shapeOf(context, op.inputs[0] as string).length;
  return axisIn(resolveAxis(axis, rank), rank, context.layout);
}

/** The model's axes, in rising order, for axes of an op's input. */
export function modelAxes(
  axes: readonly number[],
  op: { readonly inputs: readonly string[] },
  context: LoweringContext,
): readonly number[] {
  const rank = shapeOf(context, op.inputs[0] as string).length;
  return resolveAxes(axes, rank)
    .map((axis) => axisIn(axis, rank, context.layout))
    .sort((a, b) => a - b);
}

/**
 * The permutation that brings what is left of a value, after axes of the graph went, into the graph's order; undefined when it
 * already is.
 */
export function orderWithout(gone: readonly number[], rank: number, context: LoweringContext): readonly number[] | undefined {
  const left = axesOf(rank, context.layout).filter((axis) => !gone.includes(axis));
  const sorted = [...left].sort((a, b) => a - b);
  return left.every((axis, index) => axis === sorted[index]) ? undefined : sorted.map((axis) => left.indexOf(axis));
}
