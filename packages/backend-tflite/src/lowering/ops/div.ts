import { binaryOptions, inputsOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const div: Lowering<'div'> = {
  op: 'div',
  support: { runs: 'delegated', note: 'DIV' },
  fusesActivation: true,
  nonNegative: 'with its inputs',
  lower(context, op, { activation, outputs }) {
    context.model.operator('DIV', inputsOf(context, op), [tensorOf(context, outputs[0]!)], binaryOptions('DivOptions', activation));
  },
};
