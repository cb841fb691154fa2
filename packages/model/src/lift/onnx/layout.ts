import type { Shape } from '@nnm/core';

/**
 * How an op says values: `image`, channels last where the file has them second (`[n, c, h, w]` as `[n, h, w, c]`, a sequence
 * `[n, c, t]` as `[n, 1, t, c]`), or `plain`, in the file's own order of axes.
 */
export type Layout = 'image' | 'plain';

/** Stands for an axis that only the op has. */
const ADDED = -1;

/** The file's axes in the order in which an op of this layout says them; -1 for one that it adds, of size 1. */
export function axesInOrder(rank: number, layout: Layout): readonly number[] {
  if (layout === 'plain' || rank < 3) return Array.from({ length: rank }, (_, axis) => axis);
  if (rank === 3) return [0, ADDED, 2, 1];
  return [0, ...Array.from({ length: rank - 2 }, (_, axis) => axis + 2), 1];
}

/** One value per axis of the file, as an op of this layout has them. */
export const arrange = <T>(perAxis: readonly T[], layout: Layout, added: T): readonly T[] =>
  axesInOrder(perAxis.length, layout).map((axis) => (axis === ADDED ? added : (perAxis[axis] as T)));

/** A shape of the file as an op of this layout says it. */
export const toForm = (shape: Shape, layout: Layout): Shape => arrange(shape, layout, 1);

/** A shape that an op of this layout says, for a value of so many axes in the file. */
export function fromForm(shape: Shape, rank: number, layout: Layout): Shape {
  const order = axesInOrder(rank, layout);
  return Array.from({ length: rank }, (_, axis) => shape[order.indexOf(axis)] as number);
}
