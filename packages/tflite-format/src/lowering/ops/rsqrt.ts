import { inputsOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const rsqrt: Lowering<'rsqrt'> = {
  op: 'rsqrt',
  support: { runs: 'reference kernel', note: 'RSQRT*' },
  nonNegative: () => true,
  lower: (context, op) => context.model.operator('RSQRT', inputsOf(context, op), [tensorOf(context, op.outputs[0]!)]),
};
