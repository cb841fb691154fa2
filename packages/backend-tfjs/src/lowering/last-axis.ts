import { resolveAxis } from '@nnm/core';
import type { OpWriter } from './op-writer.ts';

/** A node that works on the last axis only: for another one, `Transpose` it there and back. */
export function writeOnLastAxis(writer: OpWriter, given: number, node: string): void {
  const rank = writer.shape().length;
  const axis = resolveAxis(given, rank);
  const last = rank - 1;
  if (axis === last) {
    writer.last(node, [writer.x]);
    return;
  }
  const order = writer.list(Array.from({ length: rank }, (_, index) => (index === axis ? last : index === last ? axis : index)));
  writer.last('Transpose', [writer.step(node, [writer.step('Transpose', [writer.x, order])]), order]);
}
