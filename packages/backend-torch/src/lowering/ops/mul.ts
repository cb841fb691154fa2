import type { Lowering } from '../lowering.ts';

export const mul: Lowering<'mul'> = {
  op: 'mul',
  support: { runs: 'native', note: 'Mul' },
  lower: (op, { writer }) => void writer.node('Mul', op.inputs, op.outputs),
};
