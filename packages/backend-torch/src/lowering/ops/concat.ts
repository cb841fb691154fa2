import type { Lowering } from '../lowering.ts';

export const concat: Lowering<'concat'> = {
  op: 'concat',
  support: { runs: 'native', note: 'Concat' },
  lower: (op, { writer }) => void writer.node('Concat', op.inputs, op.outputs, { axis: 1 }),
};
