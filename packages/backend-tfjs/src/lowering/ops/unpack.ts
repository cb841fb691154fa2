import { resolveAxis } from '@nnm/core';
import { int } from '../../graph-model/graph-def.ts';
import type { Lowering } from '../lowering.ts';

export const unpack: Lowering<'unpack'> = {
  op: 'unpack',
  support: { runs: 'native', note: 'Unpack' },
  lower(writer, { axis, outputs }) {
    writer.last('Unpack', [writer.x], { axis: int(resolveAxis(axis, writer.shape().length)), num: int(outputs.length) });
  },
};
