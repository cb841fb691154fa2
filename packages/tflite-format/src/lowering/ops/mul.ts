import { binaryOptions } from '../context.ts';
import type { Lowering } from '../lowering.ts';
import { writeBinary } from '../write-binary.ts';

export const mul: Lowering<'mul'> = {
  op: 'mul',
  support: { runs: 'delegated', note: 'MUL; broadcasting over five unequal axes is refused' },
  fusesActivation: true,
  nonNegative: 'with its inputs',
  lower: (context, op, fused) => writeBinary(context, op, fused, 'MUL', binaryOptions('MulOptions', fused.activation)),
};
