import { Chain } from '../chain.ts';
import { shapeOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const hardSigmoid: Lowering<'hardSigmoid'> = {
  op: 'hardSigmoid',
  support: { runs: 'composed', note: 'MUL, ADD, MAXIMUM, MINIMUM' },
  nonNegative: () => true,
  lower(context, op) {
    const { model } = context;
    const chain = new Chain(context, op);
    const shape = shapeOf(context, op.outputs[0]!);
    const line = chain.step('ADD', [chain.step('MUL', [chain.input(), model.scalar(op.alpha)], shape), model.scalar(op.beta)], shape);
    chain.last('MINIMUM', [chain.step('MAXIMUM', [line, model.scalar(0)], shape), model.scalar(1)]);
  },
};
