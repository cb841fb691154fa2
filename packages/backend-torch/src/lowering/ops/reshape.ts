import { Chain } from '../chain.ts';
import { shapeOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const reshape: Lowering<'reshape'> = {
  op: 'reshape',
  layout: 'last',
  support: { runs: 'native', note: 'Reshape' },
  lower(op, context) {
    const chain = new Chain(context, op);
    chain.last('Reshape', [chain.input(), chain.integers('shape', shapeOf(context, op.outputs[0] as string))]);
  },
};
