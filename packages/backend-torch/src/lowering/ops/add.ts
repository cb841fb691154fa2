import type { Lowering } from '../lowering.ts';

export const add: Lowering<'add'> = {
  op: 'add',
  support: { runs: 'native', note: 'Add' },
  lower: (op, { writer }) => void writer.node('Add', op.inputs, op.outputs),
};
