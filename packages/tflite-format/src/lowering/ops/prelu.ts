import { drawWeights } from '@nnm/core';
import { shapeOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const prelu: Lowering<'prelu'> = {
  op: 'prelu',
  support: { runs: 'delegated', note: 'PRELU' },
  lower(context, op) {
    const { graph, shapes, model } = context;
    const { data } = drawWeights(graph, op, shapes).alpha!;
    const rank = shapeOf(context, op.inputs[0]!).length;
    // Without the batch, as Keras keeps it for shared height and width.
    const alpha = model.weights(`${op.outputs[0]}/alpha`, [...Array(Math.max(0, rank - 2)).fill(1), data.length], data);
    model.operator('PRELU', [tensorOf(context, op.inputs[0]!), alpha], [tensorOf(context, op.outputs[0]!)]);
  },
};
