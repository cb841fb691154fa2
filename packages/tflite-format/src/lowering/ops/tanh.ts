import { inputsOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const tanh: Lowering<'tanh'> = {
  op: 'tanh',
  support: { runs: 'reference kernel', note: 'TANH*' },
  lower: (context, op) => context.model.operator('TANH', inputsOf(context, op), [tensorOf(context, op.outputs[0]!)]),
};
