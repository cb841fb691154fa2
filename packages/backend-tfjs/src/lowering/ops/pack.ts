import { resolveAxis } from '@nnm/core';
import { int } from '../../graph-model/graph-def.ts';
import type { Lowering } from '../lowering.ts';

export const pack: Lowering<'pack'> = {
  op: 'pack',
  support: { runs: 'native', note: 'Pack' },
  lower(writer, { axis }) {
    const { inputs } = writer;
    writer.last('Pack', inputs, { axis: int(resolveAxis(axis, writer.outputShape.length)), N: int(inputs.length) });
  },
};
