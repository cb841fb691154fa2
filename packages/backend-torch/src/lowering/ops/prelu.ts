import { drawWeights } from '@nnm/core';
import { Chain } from '../chain.ts';
import { shapeOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const prelu: Lowering<'prelu'> = {
  op: 'prelu',
  support: { runs: 'native', note: 'PRelu' },
  lower(op, context) {
    const { graph, shapes, layout } = context;
    const { data } = drawWeights(graph, op, shapes).alpha!;
    const isImage = layout === 'first' && shapeOf(context, op.inputs[0] as string).length === 4;
    const chain = new Chain(context, op);
    chain.last('PRelu', [chain.input(), chain.floats('weight', isImage ? [data.length, 1, 1] : [data.length], data)]);
  },
};
