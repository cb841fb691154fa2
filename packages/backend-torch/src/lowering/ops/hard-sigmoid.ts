import type { Lowering } from '../lowering.ts';

export const hardSigmoid: Lowering<'hardSigmoid'> = {
  op: 'hardSigmoid',
  support: { runs: 'native', note: 'HardSigmoid' },
  lower: (op, { writer, inputs }) =>
    void writer.node('HardSigmoid', inputs, op.outputs, { alpha: { float: op.alpha }, beta: { float: op.beta } }),
};
