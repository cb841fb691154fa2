import { flag } from '../../graph-model/graph-def.ts';
import type { Lowering } from '../lowering.ts';

export const reduceSum: Lowering<'reduceSum'> = {
  op: 'reduceSum',
  support: { runs: 'native', note: 'Sum' },
  lower: (writer, { axes, keepDims }) => writer.last('Sum', [writer.x, writer.axes(axes)], { keep_dims: flag(keepDims) }),
};
