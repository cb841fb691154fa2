import { flag } from '../../graph-model/graph-def.ts';
import type { Lowering } from '../lowering.ts';

export const reduceMean: Lowering<'reduceMean'> = {
  op: 'reduceMean',
  support: { runs: 'native', note: 'Mean' },
  lower: (writer, { axes, keepDims }) => writer.last('Mean', [writer.x, writer.axes(axes)], { keep_dims: flag(keepDims) }),
};
