import { drawWeights } from '@nnm/core';
import { Chain } from '../chain.ts';
import type { Lowering } from '../lowering.ts';

export const rmsNorm: Lowering<'rmsNorm'> = {
  op: 'rmsNorm',
  layout: 'last',
  support: { runs: 'composed', note: 'Mul, ReduceMean, Add, Sqrt, Div, Mul' },
  lower(op, context) {
    const chain = new Chain(context, op);
    const { data } = drawWeights(context.graph, op, context.shapes).gamma!;
    const mean = chain.step('ReduceMean', [chain.step('Mul', [chain.input(), chain.input()])], { axes: [-1], keepdims: 1 });
    const root = chain.step('Sqrt', [chain.step('Add', [mean, context.writer.scalar(op.epsilon)])]);
    chain.last('Mul', [chain.step('Div', [chain.input(), root]), chain.floats('weight', [data.length], data)]);
  },
};
