import { countElements, drawWeights } from '@nnm/core';
import { foldAxes } from '../fold-axes.ts';
import type { Lowering } from '../lowering.ts';

export const rmsNorm: Lowering<'rmsNorm'> = {
  op: 'rmsNorm',
  support: { runs: 'composed', note: 'MUL, MEAN*, ADD, RSQRT*, MUL, MUL' },
  lower(context, op) {
    const { model } = context;
    const { chain, x, shape, last } = foldAxes(context, op, (five) => [countElements(five.slice(0, -1)), five.at(-1)!]);
    const small = [...shape.slice(0, -1), 1];
    const over = model.integers([1], [shape.length - 1]);
    const mean = chain.step('MEAN', [chain.step('MUL', [x, x], shape), over], small, { type: 'ReducerOptions', keepDims: true });
    const inverse = chain.step('RSQRT', [chain.step('ADD', [mean, model.scalar(op.epsilon)], small)], small);
    const { data } = drawWeights(context.graph, op, context.shapes).gamma!;
    const gamma = model.weights(`${op.outputs[0]}/gamma`, [data.length], data);
    last('MUL', [chain.step('MUL', [x, inverse], shape), gamma]);
  },
};
