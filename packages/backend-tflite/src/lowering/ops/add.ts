import { binaryOptions, inputsOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const add: Lowering<'add'> = {
  op: 'add',
  support: { runs: 'delegated', note: 'ADD' },
  fusesActivation: true,
  nonNegative: 'with its inputs',
  lower(context, op, { activation, outputs }) {
    context.model.operator('ADD', inputsOf(context, op), [tensorOf(context, outputs[0]!)], binaryOptions('AddOptions', activation));
  },
};
