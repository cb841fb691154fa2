import type { Shape } from '@nnm/core';

/**
 * How a value of four axes lies in the model: `first`, as PyTorch keeps images (`[n, c, h, w]`), or `last`, with the axes in the
 * graph's own order, as PyTorch keeps everything else. Values of another number of axes are always as in the graph.
 */
export type Layout = 'first' | 'last';

/** Permutations of the axes of an image, as `Transpose` has them. */
export const TO_FIRST = [0, 3, 1, 2];
export const TO_LAST = [0, 2, 3, 1];

/** The axes of a value in the order in which the model has them. */
export function axesOf(rank: number, layout: Layout): readonly number[] {
  return rank === 4 && layout === 'first' ? TO_FIRST : Array.from({ length: rank }, (_, axis) => axis);
}

/** The model's axis that is this axis of the graph, 0 or more. */
export const axisIn = (axis: number, rank: number, layout: Layout): number => axesOf(rank, layout).indexOf(axis);

/** One number per axis of the graph, in the order of the model's axes. */
export const arrange = <T>(perAxis: readonly T[], layout: Layout): readonly T[] =>
  axesOf(perAxis.length, layout).map((axis) => perAxis[axis] as T);

/** True when a permutation of the axes leaves the elements where they are. */
export function keepsOrder(shape: Shape, permutation: readonly number[]): boolean {
  const moved = permutation.filter((axis) => shape[axis] !== 1);
  return moved.every((axis, index) => index === 0 || axis > (moved[index - 1] as number));
}
