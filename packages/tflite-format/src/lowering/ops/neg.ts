import { inputsOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const neg: Lowering<'neg'> = {
  op: 'neg',
  support: { runs: 'delegated', note: 'NEG' },
  lower: (context, op) => context.model.operator('NEG', inputsOf(context, op), [tensorOf(context, op.outputs[0]!)], { type: 'NegOptions' }),
};
