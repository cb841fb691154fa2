import { inputsOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const minimum: Lowering<'minimum'> = {
  op: 'minimum',
  support: { runs: 'delegated', note: 'MINIMUM' },
  nonNegative: 'with its inputs',
  lower: (context, op) =>
    context.model.operator('MINIMUM', inputsOf(context, op), [tensorOf(context, op.outputs[0]!)], { type: 'MaximumMinimumOptions' }),
};
