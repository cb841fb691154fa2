import type { Lowering } from '../lowering.ts';

export const reshape: Lowering<'reshape'> = {
  op: 'reshape',
  support: { runs: 'native', note: 'Reshape' },
  lower: (writer) => writer.lastReshape(writer.x),
};
