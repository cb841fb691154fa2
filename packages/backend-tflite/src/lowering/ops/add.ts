import { binaryOptions, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const add: Lowering<'add'> = {
  op: 'add',
  support: { runs: 'delegated', note: 'ADD' },
  fusesActivation: true,
  nonNegative: 'with its inputs',
  lower(context, { inputs }, { activation, outputs }) {
    const tensors = inputs.map((id) => tensorOf(context, id));
    context.model.operator('ADD', tensors, [tensorOf(context, outputs[0]!)], binaryOptions('AddOptions', activation));
  },
};
