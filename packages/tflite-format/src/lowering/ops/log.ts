import { inputsOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const log: Lowering<'log'> = {
  op: 'log',
  support: { runs: 'reference kernel', note: 'LOG*' },
  lower: (context, op) => context.model.operator('LOG', inputsOf(context, op), [tensorOf(context, op.outputs[0]!)]),
};
