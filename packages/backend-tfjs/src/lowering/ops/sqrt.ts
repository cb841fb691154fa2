import type { Lowering } from '../lowering.ts';

export const sqrt: Lowering<'sqrt'> = {
  op: 'sqrt',
  support: { runs: 'native', note: 'Sqrt' },
  lower: (writer) => writer.last('Sqrt', [writer.x]),
};
