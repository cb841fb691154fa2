import type { Lowering } from '../lowering.ts';

export const pow: Lowering<'pow'> = {
  op: 'pow',
  support: { runs: 'native', note: 'Pow' },
  lower: (writer) => writer.last('Pow', writer.inputs),
};
