import type { Lowering } from '../lowering.ts';

export const sub: Lowering<'sub'> = {
  op: 'sub',
  support: { runs: 'native', note: 'Sub' },
  lower: (writer) => writer.last('Sub', writer.inputs),
};
