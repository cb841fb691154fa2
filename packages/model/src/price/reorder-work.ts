import { floatBytes, type Reorder } from '@nnm/core';

/** Bytes that a change of layout reads and writes. */
export function reorderBytes({ shape }: Reorder): number {
  return 2 * floatBytes(shape.reduce((all, size) => all * size, 1));
}

/** Says which change of layout it is: equal ones take as long. */
export function reorderHash({ shape, to, layout }: Reorder): string {
  return `reorder-${to}-${layout}-${shape.join('x')}`;
}
