import type { Shape } from '@nnm/core';
import type { AttributeValue } from '../../graph/model-graph.ts';

/** A block of a value, with all masks applied. */
export interface StridedBlock {
  /** Per axis of the input. */
  readonly begin: readonly number[];
  readonly end: readonly number[];
  readonly strides: readonly number[];
  /** Axes of the input that go, each of one element. */
  readonly dropped: readonly number[];
  /** Places in the specification that add an axis of size 1. */
  readonly newAxes: readonly number[];
  /** The shape of the result. */
  readonly result: Shape;
}

/**
 * What `STRIDED_SLICE` cuts out, as its kernel resolves it: an axis whose mask bit is set begins or ends where the input does, one of
 * `shrink_axis_mask` keeps a single element, one of `ellipsis_mask` stands for all axes that are not named.
 *
 * @returns undefined for a backward stride, which core has no words for, and for a specification that does not fit
 */
export function resolveStridedSlice(
  shape: Shape,
  begin: readonly number[],
  end: readonly number[],
  strides: readonly number[],
  attributes: Readonly<Record<string, AttributeValue>>,
): StridedBlock | undefined {
  const has = (mask: string, bit: number): boolean => ((Number(attributes[mask] ?? 0) >> bit) & 1) === 1;
  const block: { [Key in keyof StridedBlock]: number[] } = { begin: [], end: [], strides: [], dropped: [], newAxes: [], result: [] };
  const takeAll = (): void => {
    block.result.push(shape[block.begin.length]!);
    block.end.push(shape[block.begin.length]!);
    block.begin.push(0);
    block.strides.push(1);
  };
  for (let place = 0; place < begin.length; place++) {
    const axis = block.begin.length;
    if (has('ellipsis_mask', place)) {
      const named = begin.slice(place + 1).filter((_, later) => !has('new_axis_mask', place + 1 + later)).length;
      while (block.begin.length < shape.length - named) takeAll();
      continue;
    }
    if (has('new_axis_mask', place)) {
      block.newAxes.push(place);
      block.result.push(1);
      continue;
    }
    const size = shape[axis];
    const stride = strides[place];
    if (size === undefined || stride === undefined || stride < 1) return undefined;
    const within = (index: number): number => Math.min(Math.max(index < 0 ? index + size : index, 0), size);
    const from = has('begin_mask', place) ? 0 : within(begin[place]!);
    const isDropped = has('shrink_axis_mask', place);
    if (isDropped) block.dropped.push(axis);
    const last = attributes.offset === true ? from + end[place]! : end[place]!;
    block.begin.push(from);
    block.end.push(isDropped ? from + 1 : has('end_mask', place) ? size : within(last));
    block.strides.push(isDropped ? 1 : stride);
    if (!isDropped) block.result.push(Math.max(0, Math.ceil((block.end[axis]! - from) / stride)));
  }
  while (block.begin.length < shape.length) takeAll();
  return block;
}
