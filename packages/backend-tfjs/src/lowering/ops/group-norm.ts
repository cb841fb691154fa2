import type { Lowering } from '../lowering.ts';
import { normalise } from '../normalise.ts';

export const groupNorm: Lowering<'groupNorm'> = {
  op: 'groupNorm',
  support: { runs: 'composed', note: 'Reshape, Mean, SquaredDifference, AddV2, Rsqrt, Mul, Sub, Reshape' },
  lower(writer, { groups, epsilon }) {
    const [n, h, w, c] = writer.shape() as readonly [number, number, number, number];
    const grouped = writer.reshaped(writer.x, [n, h * w, groups, c / groups]);
    writer.lastReshape(writer.step('AddV2', normalise(writer, grouped, [1, 3], epsilon, [groups, c / groups])));
  },
};
