import { resolveAxes } from '@nnm/core';
import { ints } from '../../graph-model/graph-def.ts';
import type { Lowering } from '../lowering.ts';

export const squeeze: Lowering<'squeeze'> = {
  op: 'squeeze',
  support: { runs: 'native', note: 'Squeeze' },
  lower: (writer, { axes }) => writer.last('Squeeze', [writer.x], { squeeze_dims: ints(resolveAxes(axes, writer.shape().length)) }),
};
