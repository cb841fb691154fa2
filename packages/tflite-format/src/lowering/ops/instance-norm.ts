import { drawWeights } from '@nnm/core';
import { Chain } from '../chain.ts';
import { shapeOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';
import { writeNormalisation } from '../normalise.ts';

export const instanceNorm: Lowering<'instanceNorm'> = {
  op: 'instanceNorm',
  support: { runs: 'composed', note: 'MEAN, SQUARED_DIFFERENCE, ADD, RSQRT*, MUL, SUB' },
  lower(context, op) {
    const chain = new Chain(context, op);
    const weights = drawWeights(context.graph, op, context.shapes);
    const part = { chain, x: chain.input(), shape: shapeOf(context, op.outputs[0]!), axes: [1, 2], epsilon: op.epsilon };
    chain.last('ADD', writeNormalisation(context, op, weights, { ...part, scaleShape: weights.gamma!.shape }));
  },
};
