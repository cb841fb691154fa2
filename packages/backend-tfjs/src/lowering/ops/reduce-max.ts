import { flag } from '../../graph-model/graph-def.ts';
import type { Lowering } from '../lowering.ts';

export const reduceMax: Lowering<'reduceMax'> = {
  op: 'reduceMax',
  support: { runs: 'native', note: 'Max' },
  lower: (writer, { axes, keepDims }) => writer.last('Max', [writer.x, writer.axes(axes)], { keep_dims: flag(keepDims) }),
};
