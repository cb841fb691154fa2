import { stridesOf } from './broadcast.ts';
import type { ReferenceValue } from './reference-value.ts';
import { countElements, type Shape } from './values.ts';

/** A value whose elements are picked from another by position. */
export function pick(x: ReferenceValue, shape: Shape, positionOf: (position: readonly number[]) => readonly number[]): ReferenceValue {
  const [from, to] = [stridesOf(x.shape), stridesOf(shape)];
  const data = new Float64Array(countElements(shape));
  for (let i = 0; i < data.length; i++) {
    const position = to.map((step, axis) => Math.floor(i / step) % shape[axis]!);
    data[i] = x.data[positionOf(position).reduce((offset, index, axis) => offset + index * from[axis]!, 0)]!;
  }
  return { shape, data };
}

/** Calls `visit` with the offsets of the elements of each line along `axes`: lines have the same position on all other axes. */
export function forEachLine(shape: Shape, axes: readonly number[], visit: (offsets: readonly number[]) => void): void {
  const strides = stridesOf(shape);
  const offsetsOf = (over: readonly number[]): readonly number[] =>
    over.reduce<readonly number[]>(
      (offsets, axis) => offsets.flatMap((offset) => Array.from({ length: shape[axis]! }, (_, i) => offset + i * strides[axis]!)),
      [0],
    );
  const along = offsetsOf(axes);
  const others = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  for (const start of offsetsOf(others)) visit(along.map((offset) => start + offset));
}
