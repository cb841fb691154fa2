import { countElements, resolveAxis } from '@nnm/core';
import { shapeOf } from '../context.ts';
import { foldAxes, MOST_AXES } from '../fold-axes.ts';
import type { Lowering } from '../lowering.ts';

export const l2Normalize: Lowering<'l2Normalize'> = {
  op: 'l2Normalize',
  support: { runs: 'composed', note: 'MUL, SUM*, MAXIMUM, RSQRT*, MUL' },
  lower(context, op) {
    const { model } = context;
    const given = shapeOf(context, op.outputs[0]!);
    const along = resolveAxis(op.axis, given.length);
    const { chain, x, shape, last } = foldAxes(context, op, (five) => [
      countElements(five.slice(0, along)),
      five[along]!,
      countElements(five.slice(along + 1)),
    ]);
    const axis = given.length > MOST_AXES ? 1 : along;
    const small = shape.map((size, other) => (other === axis ? 1 : size));
    const square = chain.step('MUL', [x, x], shape);
    const sum = chain.step('SUM', [square, model.integers([1], [axis])], small, { type: 'ReducerOptions', keepDims: true });
    const inverse = chain.step('RSQRT', [chain.step('MAXIMUM', [sum, model.scalar(op.epsilon * op.epsilon)], small)], small);
    last('MUL', [x, inverse]);
  },
};
