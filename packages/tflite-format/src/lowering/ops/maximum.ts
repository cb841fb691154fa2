import type { Lowering } from '../lowering.ts';
import { writeBinary } from '../write-binary.ts';

export const maximum: Lowering<'maximum'> = {
  op: 'maximum',
  support: { runs: 'delegated', note: 'MAXIMUM; broadcasting over five unequal axes is refused' },
  nonNegative: 'with its inputs',
  lower: (context, op, fused) => writeBinary(context, op, fused, 'MAXIMUM', { type: 'MaximumMinimumOptions' }),
};
