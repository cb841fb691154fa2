import type { Lowering } from '../lowering.ts';
import { normalise } from '../normalise.ts';

export const instanceNorm: Lowering<'instanceNorm'> = {
  op: 'instanceNorm',
  support: { runs: 'composed', note: 'Mean, SquaredDifference, AddV2, Rsqrt, Mul, Sub' },
  lower: (writer, { epsilon }) => writer.last('AddV2', normalise(writer, writer.x, [1, 2], epsilon, writer.shape().slice(-1))),
};
