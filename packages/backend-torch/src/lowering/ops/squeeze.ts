import { resolveAxes } from '@nnm/core';
import { Chain } from '../chain.ts';
import { shapeOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const squeeze: Lowering<'squeeze'> = {
  op: 'squeeze',
  layout: 'last',
  support: { runs: 'native', note: 'Squeeze' },
  lower(op, context) {
    const chain = new Chain(context, op);
    const rank = shapeOf(context, op.inputs[0] as string).length;
    chain.last('Squeeze', [chain.input(), chain.integers('axes', resolveAxes(op.axes, rank))]);
  },
};
