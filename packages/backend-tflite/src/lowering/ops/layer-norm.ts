import { drawWeights, resolveAxis } from '@nnm/core';
import { shapeOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';
import { writeNormalisation } from '../normalise.ts';

export const layerNorm: Lowering<'layerNorm'> = {
  op: 'layerNorm',
  support: { runs: 'composed', note: 'MEAN, SQUARED_DIFFERENCE, ADD, RSQRT (on its own kernel), MUL, SUB' },
  lower(context, op) {
    const shape = shapeOf(context, op.inputs[0]!);
    const first = resolveAxis(op.axis, shape.length);
    const axes = shape.map((_, axis) => axis).slice(first);
    const weights = drawWeights(context.graph, op, context.shapes);
    const { chain, operands } = writeNormalisation(context, op, weights, { axes, epsilon: op.epsilon, scaleShape: shape.slice(first) });
    chain.last('ADD', operands);
  },
};
