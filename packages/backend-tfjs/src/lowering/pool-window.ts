import type { AvgPoolOp, MaxPoolOp, Padding2d, Size2d } from '@nnm/core';
import { type Attrs, ints, text } from '../graph-model/graph-def.ts';
import type { OpWriter } from './op-writer.ts';
import { lowerPadding, perAxis } from './window.ts';

/** What a pooling says, and the pixels that its schemes cannot say. */
export function poolWindow(
  writer: OpWriter,
  op: MaxPoolOp | AvgPoolOp,
): { readonly attrs: Attrs; readonly pixels?: Padding2d | undefined; readonly size: Size2d } {
  const [, h, w] = writer.shape() as readonly [number, number, number];
  const { scheme, pixels } = lowerPadding(op, [h, w]);
  const attrs = {
    data_format: text('NHWC'),
    explicit_paddings: ints([]),
    ksize: ints(perAxis(op.kernelSize)),
    padding: text(scheme),
    strides: ints(perAxis(op.strides)),
  };
  return { attrs, pixels, size: [h, w] };
}
