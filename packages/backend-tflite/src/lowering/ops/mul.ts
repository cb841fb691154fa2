import { binaryOptions, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const mul: Lowering<'mul'> = {
  op: 'mul',
  support: { runs: 'delegated', note: 'MUL' },
  fusesActivation: true,
  nonNegative: 'with its inputs',
  lower(context, { inputs }, { activation, outputs }) {
    const tensors = inputs.map((id) => tensorOf(context, id));
    context.model.operator('MUL', tensors, [tensorOf(context, outputs[0]!)], binaryOptions('MulOptions', activation));
  },
};
