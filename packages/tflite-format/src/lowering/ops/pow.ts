import type { Lowering } from '../lowering.ts';
import { writeBinary } from '../write-binary.ts';

export const pow: Lowering<'pow'> = {
  op: 'pow',
  support: { runs: 'reference kernel', note: 'POW*; broadcasting over five unequal axes is refused' },
  lower: (context, op, fused) => writeBinary(context, op, fused, 'POW', { type: 'PowOptions' }, false),
};
