import type { Lowering } from '../lowering.ts';

export const erf: Lowering<'erf'> = {
  op: 'erf',
  support: { runs: 'native', note: 'Erf' },
  lower: (writer) => writer.last('Erf', [writer.x]),
};
