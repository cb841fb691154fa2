import { drawWeights } from '@nnm/core';
import { Chain } from '../chain.ts';
import { shapeOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const rmsNorm: Lowering<'rmsNorm'> = {
  op: 'rmsNorm',
  layout: 'last',
  support: { runs: 'composed', note: 'Pow, ReduceMean, Add, Sqrt, Div, Mul, Mul, which the runtime fuses to SimplifiedLayerNormalization' },
  lower(op, context) {
    const chain = new Chain(context, op);
    const { data } = drawWeights(context.graph, op, context.shapes).gamma!;
    const mean = chain.step('ReduceMean', [chain.step('Pow', [chain.input(), context.writer.scalar(2)])], { axes: [-1], keepdims: 1 });
    const root = chain.step('Sqrt', [chain.step('Add', [mean, context.writer.scalar(op.epsilon)])]);
    const inverse = chain.step('Div', [context.writer.scalar(1), root]);
    const weight = chain.floats('weight', [data.length], data);
    const normalised = chain.step('Mul', [chain.input(), inverse]);
    // ONNX Runtime takes the last operand of one axis for the weight when it fuses these nodes.
    const isVector = shapeOf(context, op.inputs[0] as string).length === 1;
    chain.last('Mul', isVector ? [normalised, weight] : [weight, normalised]);
  },
};
