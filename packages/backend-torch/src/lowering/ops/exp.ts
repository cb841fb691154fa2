import type { Lowering } from '../lowering.ts';

export const exp: Lowering<'exp'> = {
  op: 'exp',
  support: { runs: 'native', note: 'Exp' },
  lower: (op, { writer, inputs }) => void writer.node('Exp', inputs, op.outputs),
};
