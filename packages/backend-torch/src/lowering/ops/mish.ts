import { Chain } from '../chain.ts';
import type { Lowering } from '../lowering.ts';

export const mish: Lowering<'mish'> = {
  op: 'mish',
  support: { runs: 'composed', note: 'Softplus, Tanh, Mul' },
  lower(op, context) {
    const chain = new Chain(context, op);
    chain.last('Mul', [chain.input(), chain.step('Tanh', [chain.step('Softplus', [chain.input()])])]);
  },
};
