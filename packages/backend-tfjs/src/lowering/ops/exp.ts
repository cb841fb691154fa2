import type { Lowering } from '../lowering.ts';

export const exp: Lowering<'exp'> = {
  op: 'exp',
  support: { runs: 'native', note: 'Exp' },
  lower: (writer) => writer.last('Exp', [writer.x]),
};
