import type { Lowering } from '../lowering.ts';
import { writeBinary } from '../write-binary.ts';

export const minimum: Lowering<'minimum'> = {
  op: 'minimum',
  support: { runs: 'delegated', note: 'MINIMUM; broadcasting over five unequal axes is refused' },
  nonNegative: 'with its inputs',
  lower: (context, op, fused) => writeBinary(context, op, fused, 'MINIMUM', { type: 'MaximumMinimumOptions' }),
};
