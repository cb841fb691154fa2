import type { Lowering } from '../lowering.ts';

export const neg: Lowering<'neg'> = {
  op: 'neg',
  support: { runs: 'native', note: 'Neg' },
  lower: (writer) => writer.last('Neg', [writer.x]),
};
