import { inputsOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const leakyRelu: Lowering<'leakyRelu'> = {
  op: 'leakyRelu',
  support: { runs: 'delegated', note: 'LEAKY_RELU' },
  lower(context, op) {
    const options = { type: 'LeakyReluOptions', alpha: op.alpha } as const;
    context.model.operator('LEAKY_RELU', inputsOf(context, op), [tensorOf(context, op.outputs[0]!)], options);
  },
};
