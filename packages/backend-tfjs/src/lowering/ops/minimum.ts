import type { Lowering } from '../lowering.ts';

export const minimum: Lowering<'minimum'> = {
  op: 'minimum',
  support: { runs: 'native', note: 'Minimum' },
  lower: (writer) => writer.last('Minimum', writer.inputs),
};
