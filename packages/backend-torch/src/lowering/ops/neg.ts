import type { Lowering } from '../lowering.ts';

export const neg: Lowering<'neg'> = {
  op: 'neg',
  support: { runs: 'native', note: 'Neg' },
  lower: (op, { writer, inputs }) => void writer.node('Neg', inputs, op.outputs),
};
