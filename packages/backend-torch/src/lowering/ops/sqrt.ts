import type { Lowering } from '../lowering.ts';

export const sqrt: Lowering<'sqrt'> = {
  op: 'sqrt',
  support: { runs: 'native', note: 'Sqrt' },
  lower: (op, { writer, inputs }) => void writer.node('Sqrt', inputs, op.outputs),
};
