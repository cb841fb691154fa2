import { Chain } from '../chain.ts';
import type { Lowering } from '../lowering.ts';
import { modelAxis } from '../model-axis.ts';

export const l2Normalize: Lowering<'l2Normalize'> = {
  op: 'l2Normalize',
  support: { runs: 'composed', note: 'ReduceL2, Clip, Div' },
  lower(op, context) {
    const chain = new Chain(context, op);
    const length = chain.step('ReduceL2', [chain.input()], { axes: [modelAxis(op.axis, op, context)], keepdims: 1 });
    chain.last('Div', [chain.input(), chain.step('Clip', [length, context.writer.scalar(op.epsilon)])]);
  },
};
