import { binaryOptions, inputsOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const sub: Lowering<'sub'> = {
  op: 'sub',
  support: { runs: 'delegated', note: 'SUB' },
  fusesActivation: true,
  lower(context, op, { activation, outputs }) {
    context.model.operator('SUB', inputsOf(context, op), [tensorOf(context, outputs[0]!)], binaryOptions('SubOptions', activation));
  },
};
