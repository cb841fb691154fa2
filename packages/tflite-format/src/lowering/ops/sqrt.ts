import { inputsOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const sqrt: Lowering<'sqrt'> = {
  op: 'sqrt',
  support: { runs: 'delegated', note: 'SQRT' },
  nonNegative: () => true,
  lower: (context, op) => context.model.operator('SQRT', inputsOf(context, op), [tensorOf(context, op.outputs[0]!)]),
};
