import { resolveAxis } from '@nnm/core';
import { int } from '../../graph-model/graph-def.ts';
import type { Lowering } from '../lowering.ts';

export const split: Lowering<'split'> = {
  op: 'split',
  support: { runs: 'native', note: 'Split; SplitV for parts of given sizes' },
  lower(writer, { axis: given = -1, sizes, outputs }) {
    const axis = writer.integer(resolveAxis(given, writer.shape().length));
    const parts = { num_split: int(outputs.length) };
    if (sizes === undefined) writer.last('Split', [axis, writer.x], parts);
    else writer.last('SplitV', [writer.x, writer.list(sizes), axis], parts);
  },
};
