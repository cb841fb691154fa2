import type { Lowering } from '../lowering.ts';

export const abs: Lowering<'abs'> = {
  op: 'abs',
  support: { runs: 'native', note: 'Abs' },
  lower: (op, { writer, inputs }) => void writer.node('Abs', inputs, op.outputs),
};
