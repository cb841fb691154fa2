import type { ReferenceValue } from './reference-value.ts';
import { countElements, type Shape } from './values.ts';

/**
 * The shape that two shapes broadcast to, as NumPy does: axes are aligned at the end, and a size of 1 stretches.
 *
 * @returns undefined when they do not fit
 */
export function broadcastShapes(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const [x, y] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1];
    if (x !== y && x !== 1 && y !== 1) return undefined;
    shape.push(x === 1 ? y : x);
  }
  return shape;
}

/** Distance in memory of neighbours along each axis, last axis fastest. */
export function stridesOf(shape: Shape): readonly number[] {
  return shape.map((_, axis) => countElements(shape.slice(axis + 1)));
}

/** Steps through a value along the axes of the shape it is broadcast to: 0 where it is stretched. */
function broadcastStrides(shape: Shape, target: Shape): readonly number[] {
  const strides = stridesOf(shape);
  return target.map((_, axis) => {
    const own = axis - target.length + shape.length;
    return own < 0 || shape[own] === 1 ? 0 : (strides[own] as number);
  });
}

/** `combine` of the elements of two values, broadcast to `shape`. */
export function combineBroadcast(
  a: ReferenceValue,
  b: ReferenceValue,
  shape: Shape,
  combine: (a: number, b: number) => number,
): ReferenceValue {
  const strides = stridesOf(shape);
  const [stepsA, stepsB] = [broadcastStrides(a.shape, shape), broadcastStrides(b.shape, shape)];
  const data = new Float64Array(countElements(shape));
  for (let i = 0; i < data.length; i++) {
    let [atA, atB, rest] = [0, 0, i];
    for (let axis = 0; axis < shape.length; axis++) {
      const position = Math.floor(rest / strides[axis]!);
      rest -= position * strides[axis]!;
      atA += position * stepsA[axis]!;
      atB += position * stepsB[axis]!;
    }
    data[i] = combine(a.data[atA]!, b.data[atB]!);
  }
  return { shape, data };
}
