import type { Lowering } from '../lowering.ts';

export const hardSigmoid: Lowering<'hardSigmoid'> = {
  op: 'hardSigmoid',
  support: { runs: 'composed', note: 'Mul, AddV2, ClipByValue' },
  lower(writer, { alpha, beta }) {
    const line = writer.step('AddV2', [writer.step('Mul', [writer.x, writer.scalar(alpha)]), writer.scalar(beta)]);
    writer.last('ClipByValue', [line, writer.scalar(0), writer.scalar(1)]);
  },
};
