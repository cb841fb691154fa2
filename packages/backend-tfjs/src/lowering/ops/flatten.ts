import type { Lowering } from '../lowering.ts';

export const flatten: Lowering<'flatten'> = {
  op: 'flatten',
  support: { runs: 'native', note: 'Reshape' },
  lower: (writer) => writer.lastReshape(writer.x),
};
