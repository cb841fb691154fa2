import { resolveAxis } from '@nnm/core';
import type { Lowering } from '../lowering.ts';
import { normalise } from '../normalise.ts';

export const layerNorm: Lowering<'layerNorm'> = {
  op: 'layerNorm',
  support: { runs: 'composed', note: 'Mean, SquaredDifference, AddV2, Rsqrt, Mul, Sub' },
  lower(writer, { axis, epsilon }) {
    const shape = writer.shape();
    const first = resolveAxis(axis, shape.length);
    const axes = shape.map((_, index) => index).slice(first);
    writer.last('AddV2', normalise(writer, writer.x, axes, epsilon, shape.slice(first)));
  },
};
