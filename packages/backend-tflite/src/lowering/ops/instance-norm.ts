import { drawWeights } from '@nnm/core';
import type { Lowering } from '../lowering.ts';
import { writeNormalisation } from '../normalise.ts';

export const instanceNorm: Lowering<'instanceNorm'> = {
  op: 'instanceNorm',
  support: { runs: 'composed', note: 'MEAN, SQUARED_DIFFERENCE, ADD, RSQRT (on its own kernel), MUL, SUB' },
  lower(context, op) {
    const weights = drawWeights(context.graph, op, context.shapes);
    const scaleShape = weights.gamma!.shape;
    const { chain, operands } = writeNormalisation(context, op, weights, { axes: [1, 2], epsilon: op.epsilon, scaleShape });
    chain.last('ADD', operands);
  },
};
