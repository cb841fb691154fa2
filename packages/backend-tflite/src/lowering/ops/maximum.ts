import { inputsOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const maximum: Lowering<'maximum'> = {
  op: 'maximum',
  support: { runs: 'delegated', note: 'MAXIMUM' },
  nonNegative: 'with its inputs',
  lower: (context, op) =>
    context.model.operator('MAXIMUM', inputsOf(context, op), [tensorOf(context, op.outputs[0]!)], { type: 'MaximumMinimumOptions' }),
};
