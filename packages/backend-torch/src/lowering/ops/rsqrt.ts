import { Chain } from '../chain.ts';
import type { Lowering } from '../lowering.ts';

export const rsqrt: Lowering<'rsqrt'> = {
  op: 'rsqrt',
  support: { runs: 'composed', note: 'Sqrt, Div' },
  lower(op, context) {
    const chain = new Chain(context, op);
    chain.last('Div', [context.writer.scalar(1), chain.step('Sqrt', [chain.input()])]);
  },
};
