import { drawWeights } from '@nnm/core';
import { Chain } from '../chain.ts';
import { shapeOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const rmsNorm: Lowering<'rmsNorm'> = {
  op: 'rmsNorm',
  support: { runs: 'composed', note: 'MUL, MEAN, ADD, RSQRT (on its own kernel), MUL, MUL' },
  lower(context, op) {
    const { model } = context;
    const chain = new Chain(context, op);
    const shape = shapeOf(context, op.outputs[0]!);
    const small = [...shape.slice(0, -1), 1];
    const square = chain.step('MUL', [chain.input(), chain.input()], shape);
    const mean = chain.step('MEAN', [square, model.integers([1], [shape.length - 1])], small, { type: 'ReducerOptions', keepDims: true });
    const inverse = chain.step('RSQRT', [chain.step('ADD', [mean, model.scalar(op.epsilon)], small)], small);
    const { data } = drawWeights(context.graph, op, context.shapes).gamma!;
    const gamma = model.weights(`${op.outputs[0]}/gamma`, [data.length], data);
    chain.last('MUL', [chain.step('MUL', [chain.input(), inverse], shape), gamma]);
  },
};
