import { resolveAxis } from '@nnm/core';
import { int } from '../../graph-model/graph-def.ts';
import type { Lowering } from '../lowering.ts';

export const gather: Lowering<'gather'> = {
  op: 'gather',
  support: { runs: 'native', note: 'GatherV2' },
  lower(writer, { indices, axis }) {
    const inputs = [writer.x, writer.list(indices), writer.integer(resolveAxis(axis, writer.shape().length))];
    writer.last('GatherV2', inputs, { batch_dims: int(0) });
  },
};
