import type { Lowering } from '../lowering.ts';

export const erf: Lowering<'erf'> = {
  op: 'erf',
  support: { runs: 'native', note: 'Erf' },
  lower: (op, { writer, inputs }) => void writer.node('Erf', inputs, op.outputs),
};
