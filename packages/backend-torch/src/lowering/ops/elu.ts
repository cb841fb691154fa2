import type { Lowering } from '../lowering.ts';

export const elu: Lowering<'elu'> = {
  op: 'elu',
  support: { runs: 'native', note: 'Elu' },
  lower: (op, { writer, inputs }) => void writer.node('Elu', inputs, op.outputs, { alpha: { float: op.alpha } }),
};
