import { Chain } from '../chain.ts';
import { shapeOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const elu: Lowering<'elu'> = {
  op: 'elu',
  support: { runs: 'delegated', note: 'ELU; an alpha other than 1 is composed with MAXIMUM, MINIMUM, MUL, ADD' },
  lower(context, op) {
    const chain = new Chain(context, op);
    if (op.alpha === 1) {
      chain.last('ELU', [chain.input()]);
      return;
    }
    const { model } = context;
    const shape = shapeOf(context, op.outputs[0]!);
    const below = chain.step('MINIMUM', [chain.step('ELU', [chain.input()], shape), model.scalar(0)], shape);
    const above = chain.step('MAXIMUM', [chain.input(), model.scalar(0)], shape);
    chain.last('ADD', [above, chain.step('MUL', [below, model.scalar(op.alpha)], shape)]);
  },
};
