import type { Lowering } from '../lowering.ts';

export const transpose: Lowering<'transpose'> = {
  op: 'transpose',
  layout: 'last',
  support: { runs: 'native', note: 'Transpose' },
  lower: (op, { writer, inputs }) => void writer.node('Transpose', inputs, op.outputs, { perm: op.permutation }),
};
