import type { Lowering } from '../lowering.ts';

export const clip: Lowering<'clip'> = {
  op: 'clip',
  support: { runs: 'native', note: 'Clip' },
  lower(op, { writer, inputs: [x] }) {
    const least = op.min === undefined ? '' : writer.scalar(op.min);
    writer.node('Clip', [x as string, least, ...(op.max === undefined ? [] : [writer.scalar(op.max)])], op.outputs);
  },
};
