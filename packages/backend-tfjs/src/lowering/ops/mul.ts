import type { Lowering } from '../lowering.ts';

export const mul: Lowering<'mul'> = {
  op: 'mul',
  support: { runs: 'native', note: 'Mul' },
  lower: (writer) => writer.last('Mul', writer.inputs),
};
