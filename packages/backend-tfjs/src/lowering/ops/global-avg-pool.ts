import { flag } from '../../graph-model/graph-def.ts';
import type { Lowering } from '../lowering.ts';

export const globalAvgPool: Lowering<'globalAvgPool'> = {
  op: 'globalAvgPool',
  support: { runs: 'native', note: 'Mean over height and width' },
  lower: (writer, { keepDims }) => writer.last('Mean', [writer.x, writer.list([1, 2])], { keep_dims: flag(keepDims) }),
};
