import { resolveAxis } from '@nnm/core';
import { Chain } from '../chain.ts';
import { shapeOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const pack: Lowering<'pack'> = {
  op: 'pack',
  layout: 'last',
  support: { runs: 'composed', note: 'Unsqueeze, Concat' },
  lower(op, context) {
    const chain = new Chain(context, op);
    const axis = resolveAxis(op.axis, shapeOf(context, op.outputs[0] as string).length);
    const axes = chain.integers('axes', [axis]);
    chain.last(
      'Concat',
      op.inputs.map((_, index) => chain.step('Unsqueeze', [chain.input(index), axes])),
      { axis },
    );
  },
};
