import { inputsOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const abs: Lowering<'abs'> = {
  op: 'abs',
  support: { runs: 'delegated', note: 'ABS' },
  nonNegative: () => true,
  lower: (context, op) => context.model.operator('ABS', inputsOf(context, op), [tensorOf(context, op.outputs[0]!)], { type: 'AbsOptions' }),
};
