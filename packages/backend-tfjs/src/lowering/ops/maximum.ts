import type { Lowering } from '../lowering.ts';

export const maximum: Lowering<'maximum'> = {
  op: 'maximum',
  support: { runs: 'native', note: 'Maximum' },
  lower: (writer) => writer.last('Maximum', writer.inputs),
};
