import { binaryOptions, inputsOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const mul: Lowering<'mul'> = {
  op: 'mul',
  support: { runs: 'delegated', note: 'MUL' },
  fusesActivation: true,
  nonNegative: 'with its inputs',
  lower(context, op, { activation, outputs }) {
    context.model.operator('MUL', inputsOf(context, op), [tensorOf(context, outputs[0]!)], binaryOptions('MulOptions', activation));
  },
};
