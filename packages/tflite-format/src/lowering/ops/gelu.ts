import { inputsOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const gelu: Lowering<'gelu'> = {
  op: 'gelu',
  support: { runs: 'reference kernel', note: 'GELU*' },
  lower(context, op) {
    const options = { type: 'GeluOptions', approximate: op.approximate === 'tanh' } as const;
    context.model.operator('GELU', inputsOf(context, op), [tensorOf(context, op.outputs[0]!)], options);
  },
};
