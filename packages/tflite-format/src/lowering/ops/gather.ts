import { resolveAxis } from '@nnm/core';
import { shapeOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const gather: Lowering<'gather'> = {
  op: 'gather',
  support: { runs: 'reference kernel', note: 'GATHER*' },
  nonNegative: 'with its inputs',
  lower(context, op) {
    const { model } = context;
    const axis = resolveAxis(op.axis, shapeOf(context, op.inputs[0]!).length);
    const inputs = [tensorOf(context, op.inputs[0]!), model.integers([op.indices.length], op.indices)];
    model.operator('GATHER', inputs, [tensorOf(context, op.outputs[0]!)], { type: 'GatherOptions', axis });
  },
};
