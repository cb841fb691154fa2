import type { Fail } from './operator.ts';
import type { Shape } from './values.ts';

/** An axis counted from the front; negative ones count from the end. */
export const resolveAxis = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** {@link resolveAxis} of one that a shape must have. */
export function checkAxis(axis: number, { length }: Shape, fail: Fail): number {
  const resolved = resolveAxis(axis, length);
  if (resolved < 0 || resolved >= length) fail(`has axis ${axis}, but its input has ${length} axes`);
  return resolved;
}

/** {@link checkAxis} of several, each once, in rising order; all axes when the list is empty. */
export function checkAxes(axes: readonly number[], shape: Shape, fail: Fail): readonly number[] {
  const resolved = axes.map((axis) => checkAxis(axis, shape, fail));
  if (new Set(resolved).size !== resolved.length) fail(`has axes [${axes.join(', ')}], which name an axis twice`);
  return resolveAxes(axes, shape.length);
}

/** Axes counted from the front, in rising order; all axes when the list is empty. */
export function resolveAxes(axes: readonly number[], rank: number): readonly number[] {
  if (axes.length === 0) return Array.from({ length: rank }, (_, axis) => axis);
  return axes.map((axis) => resolveAxis(axis, rank)).sort((a, b) => a - b);
}
