import { binaryOptions } from '../context.ts';
import type { Lowering } from '../lowering.ts';
import { writeBinary } from '../write-binary.ts';

export const div: Lowering<'div'> = {
  op: 'div',
  support: { runs: 'delegated', note: 'DIV; broadcasting over five unequal axes is refused' },
  fusesActivation: true,
  nonNegative: 'with its inputs',
  lower: (context, op, fused) => writeBinary(context, op, fused, 'DIV', binaryOptions('DivOptions', fused.activation)),
};
