import { drawWeights } from '@nnm/core';
import type { Lowering } from '../lowering.ts';

export const constant: Lowering<'constant'> = {
  op: 'constant',
  support: { runs: 'delegated', note: 'a constant tensor' },
  nonNegative: ({ center, spread }) => center - spread >= 0,
  lower({ graph, shapes, model }, op) {
    const { data } = drawWeights(graph, op, shapes).value!;
    model.defineValue(op.outputs[0]!, model.weights(op.outputs[0]!, op.shape, data));
  },
};
