import type { Lowering } from '../lowering.ts';

export const tanh: Lowering<'tanh'> = {
  op: 'tanh',
  support: { runs: 'native', note: 'Tanh' },
  lower: (writer) => writer.last('Tanh', [writer.x]),
};
