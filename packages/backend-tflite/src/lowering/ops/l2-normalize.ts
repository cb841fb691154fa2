import { resolveAxis } from '@nnm/core';
import { Chain } from '../chain.ts';
import { shapeOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const l2Normalize: Lowering<'l2Normalize'> = {
  op: 'l2Normalize',
  support: { runs: 'composed', note: 'MUL, SUM (on its own kernel), MAXIMUM, RSQRT (on its own kernel), MUL' },
  lower(context, op) {
    const { model } = context;
    const chain = new Chain(context, op);
    const shape = shapeOf(context, op.outputs[0]!);
    const axis = resolveAxis(op.axis, shape.length);
    const small = shape.map((size, other) => (other === axis ? 1 : size));
    const square = chain.step('MUL', [chain.input(), chain.input()], shape);
    const sum = chain.step('SUM', [square, model.integers([1], [axis])], small, { type: 'ReducerOptions', keepDims: true });
    const inverse = chain.step('RSQRT', [chain.step('MAXIMUM', [sum, model.scalar(op.epsilon * op.epsilon)], small)], small);
    chain.last('MUL', [chain.input(), inverse]);
  },
};
