import { drawWeights } from '@nnm/core';
import { Chain } from '../chain.ts';
import type { Lowering } from '../lowering.ts';

export const layerNorm: Lowering<'layerNorm'> = {
  op: 'layerNorm',
  layout: 'last',
  support: { runs: 'native', note: 'LayerNormalization' },
  lower(op, context) {
    const chain = new Chain(context, op);
    const weights = drawWeights(context.graph, op, context.shapes);
    const constants = [
      chain.floats('weight', weights.gamma!.shape, weights.gamma!.data),
      chain.floats('bias', weights.beta!.shape, weights.beta!.data),
    ];
    chain.last('LayerNormalization', [chain.input(), ...constants], { axis: op.axis, epsilon: { float: op.epsilon } });
  },
};
