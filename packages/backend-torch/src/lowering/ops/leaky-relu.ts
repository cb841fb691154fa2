import type { Lowering } from '../lowering.ts';

export const leakyRelu: Lowering<'leakyRelu'> = {
  op: 'leakyRelu',
  support: { runs: 'native', note: 'LeakyRelu' },
  lower: (op, { writer, inputs }) => void writer.node('LeakyRelu', inputs, op.outputs, { alpha: { float: op.alpha } }),
};
