import { countElements, drawWeights, resolveAxis } from '@nnm/core';
import { shapeOf } from '../context.ts';
import { foldAxes, MOST_AXES } from '../fold-axes.ts';
import type { Lowering } from '../lowering.ts';
import { writeNormalisation } from '../normalise.ts';

export const layerNorm: Lowering<'layerNorm'> = {
  op: 'layerNorm',
  support: { runs: 'composed', note: 'MEAN*, SQUARED_DIFFERENCE, ADD, RSQRT*, MUL, SUB' },
  lower(context, op) {
    const given = shapeOf(context, op.inputs[0]!);
    const along = resolveAxis(op.axis, given.length);
    const folded = foldAxes(context, op, (five) => [countElements(five.slice(0, along)), countElements(five.slice(along))]);
    const first = given.length > MOST_AXES ? 1 : along;
    const axes = folded.shape.map((_, axis) => axis).slice(first);
    const weights = drawWeights(context.graph, op, context.shapes);
    const scaleShape = folded.shape.slice(first);
    folded.last('ADD', writeNormalisation(context, op, weights, { ...folded, axes, epsilon: op.epsilon, scaleShape }));
  },
};
