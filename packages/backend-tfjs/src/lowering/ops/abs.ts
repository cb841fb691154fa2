import type { Lowering } from '../lowering.ts';

export const abs: Lowering<'abs'> = {
  op: 'abs',
  support: { runs: 'native', note: 'Abs' },
  lower: (writer) => writer.last('Abs', [writer.x]),
};
