import { inputsOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const exp: Lowering<'exp'> = {
  op: 'exp',
  support: { runs: 'reference kernel', note: 'EXP*' },
  nonNegative: () => true,
  lower: (context, op) => context.model.operator('EXP', inputsOf(context, op), [tensorOf(context, op.outputs[0]!)], { type: 'ExpOptions' }),
};
