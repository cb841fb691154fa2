import { resolveAxis } from '@nnm/core';
import { int } from '../../graph-model/graph-def.ts';
import type { Lowering } from '../lowering.ts';

export const concat: Lowering<'concat'> = {
  op: 'concat',
  support: { runs: 'native', note: 'ConcatV2' },
  lower(writer, { axis = -1 }) {
    const { inputs } = writer;
    writer.last('ConcatV2', [...inputs, writer.integer(resolveAxis(axis, writer.shape().length))], { N: int(inputs.length) });
  },
};
