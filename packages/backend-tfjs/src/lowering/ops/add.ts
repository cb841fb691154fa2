import type { Lowering } from '../lowering.ts';

export const add: Lowering<'add'> = {
  op: 'add',
  support: { runs: 'native', note: 'AddV2' },
  lower: (writer) => writer.last('AddV2', writer.inputs),
};
