import { inputsOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const pow: Lowering<'pow'> = {
  op: 'pow',
  support: { runs: 'reference kernel', note: 'POW' },
  lower: (context, op) => context.model.operator('POW', inputsOf(context, op), [tensorOf(context, op.outputs[0]!)], { type: 'PowOptions' }),
};
