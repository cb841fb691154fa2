import type { Reorder } from '@nnm/core';

const BYTES_PER_FLOAT = 4;

/** Bytes that a change of layout reads and writes. */
export function reorderBytes({ shape }: Reorder): number {
  return 2 * BYTES_PER_FLOAT * shape.reduce((all, size) => all * size, 1);
}

/** Says which change of layout it is: equal ones take as long. */
export function reorderHash({ shape, to, layout }: Reorder): string {
  return `reorder-${to}-${layout}-${shape.join('x')}`;
}
