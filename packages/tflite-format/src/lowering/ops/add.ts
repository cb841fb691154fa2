import { binaryOptions } from '../context.ts';
import type { Lowering } from '../lowering.ts';
import { writeBinary } from '../write-binary.ts';

export const add: Lowering<'add'> = {
  op: 'add',
  support: { runs: 'delegated', note: 'ADD; broadcasting over five unequal axes is refused' },
  fusesActivation: true,
  nonNegative: 'with its inputs',
  lower: (context, op, fused) => writeBinary(context, op, fused, 'ADD', binaryOptions('AddOptions', fused.activation)),
};
