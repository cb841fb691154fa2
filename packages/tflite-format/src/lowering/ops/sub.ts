import { binaryOptions } from '../context.ts';
import type { Lowering } from '../lowering.ts';
import { writeBinary } from '../write-binary.ts';

export const sub: Lowering<'sub'> = {
  op: 'sub',
  support: { runs: 'delegated', note: 'SUB; broadcasting over five unequal axes is refused' },
  fusesActivation: true,
  lower: (context, op, fused) => writeBinary(context, op, fused, 'SUB', binaryOptions('SubOptions', fused.activation)),
};
