import type { Lowering } from '../lowering.ts';
import { writeBinary } from '../write-binary.ts';

export const maximum: Lowering<'maximum'> = {
  op: 'maximum',
  support: { runs: 'delegated', note: 'MAXIMUM' },
  nonNegative: 'with its inputs',
  lower: (context, op, fused) => writeBinary(context, op, fused, 'MAXIMUM', { type: 'MaximumMinimumOptions' }),
};
