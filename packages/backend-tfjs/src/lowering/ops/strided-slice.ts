import { int } from '../../graph-model/graph-def.ts';
import type { Lowering } from '../lowering.ts';

/** Nothing is masked: begin, end and strides are all given. */
const MASKS = Object.fromEntries(['begin', 'ellipsis', 'end', 'new_axis', 'shrink_axis'].map((name) => [`${name}_mask`, int(0)]));

export const stridedSlice: Lowering<'stridedSlice'> = {
  op: 'stridedSlice',
  support: { runs: 'native', note: 'StridedSlice' },
  lower: (writer, { begin, end, strides }) =>
    writer.last('StridedSlice', [writer.x, writer.list(begin), writer.list(end), writer.list(strides)], MASKS),
};
