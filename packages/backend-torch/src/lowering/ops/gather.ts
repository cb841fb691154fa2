import { Chain } from '../chain.ts';
import type { Lowering } from '../lowering.ts';
import { modelAxis } from '../model-axis.ts';

export const gather: Lowering<'gather'> = {
  op: 'gather',
  support: { runs: 'native', note: 'Gather' },
  lower(op, context) {
    const chain = new Chain(context, op);
    chain.last('Gather', [chain.input(), chain.integers('indices', op.indices)], { axis: modelAxis(op.axis, op, context) });
  },
};
