import { Chain } from '../chain.ts';
import { shapeOf } from '../context.ts';
import { writeErf } from '../erf.ts';
import type { Lowering } from '../lowering.ts';

export const erf: Lowering<'erf'> = {
  op: 'erf',
  support: { runs: 'composed', note: 'a polynomial and EXP*, right to 2e-7: the format has no such operator' },
  lower(context, op) {
    const chain = new Chain(context, op);
    const { factor, sign } = writeErf(chain, chain.input(), shapeOf(context, op.outputs[0]!));
    chain.last('MUL', [factor, sign]);
  },
};
