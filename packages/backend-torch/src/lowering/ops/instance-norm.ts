import { drawWeights } from '@nnm/core';
import { Chain } from '../chain.ts';
import type { Lowering } from '../lowering.ts';

export const instanceNorm: Lowering<'instanceNorm'> = {
  op: 'instanceNorm',
  layout: 'first',
  support: { runs: 'native', note: 'InstanceNormalization' },
  lower(op, context) {
    const chain = new Chain(context, op);
    const weights = drawWeights(context.graph, op, context.shapes);
    const constants = [
      chain.floats('weight', weights.gamma!.shape, weights.gamma!.data),
      chain.floats('bias', weights.beta!.shape, weights.beta!.data),
    ];
    chain.last('InstanceNormalization', [chain.input(), ...constants], { epsilon: { float: op.epsilon } });
  },
};
