import type { Lowering } from '../lowering.ts';

export const tanh: Lowering<'tanh'> = {
  op: 'tanh',
  support: { runs: 'native', note: 'Tanh' },
  lower: (op, { writer, inputs }) => void writer.node('Tanh', inputs, op.outputs),
};
