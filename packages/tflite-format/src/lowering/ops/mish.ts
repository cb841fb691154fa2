import { Chain } from '../chain.ts';
import { shapeOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const mish: Lowering<'mish'> = {
  op: 'mish',
  support: { runs: 'composed', note: 'EXP*, ADD, LOG*, TANH*, MUL' },
  lower(context, op) {
    const chain = new Chain(context, op);
    const shape = shapeOf(context, op.outputs[0]!);
    const softplus = chain.step(
      'LOG',
      [chain.step('ADD', [chain.step('EXP', [chain.input()], shape), context.model.scalar(1)], shape)],
      shape,
    );
    chain.last('MUL', [chain.input(), chain.step('TANH', [softplus], shape)]);
  },
};
