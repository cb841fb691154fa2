import type { Lowering } from '../lowering.ts';

export const div: Lowering<'div'> = {
  op: 'div',
  support: { runs: 'native', note: 'RealDiv' },
  lower: (writer) => writer.last('RealDiv', writer.inputs),
};
