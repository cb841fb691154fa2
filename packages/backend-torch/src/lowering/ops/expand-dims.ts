import { resolveAxis } from '@nnm/core';
import { Chain } from '../chain.ts';
import { shapeOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const expandDims: Lowering<'expandDims'> = {
  op: 'expandDims',
  layout: 'last',
  support: { runs: 'native', note: 'Unsqueeze' },
  lower(op, context) {
    const chain = new Chain(context, op);
    const rank = shapeOf(context, op.outputs[0] as string).length;
    chain.last('Unsqueeze', [chain.input(), chain.integers('axes', [resolveAxis(op.axis, rank)])]);
  },
};
