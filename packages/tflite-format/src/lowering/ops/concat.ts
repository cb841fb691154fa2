import { resolveAxis } from '@nnm/core';
import { FusedActivation } from '../../flatbuffer/schema.ts';
import { shapeOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const concat: Lowering<'concat'> = {
  op: 'concat',
  support: { runs: 'reference kernel', note: 'CONCATENATION*' },
  nonNegative: 'with its inputs',
  lower(context, op) {
    const axis = resolveAxis(op.axis ?? -1, shapeOf(context, op.outputs[0]!).length);
    const inputs = op.inputs.map((id) => tensorOf(context, id));
    const options = { type: 'ConcatenationOptions', axis, fusedActivation: FusedActivation.none } as const;
    context.model.operator('CONCATENATION', inputs, [tensorOf(context, op.outputs[0]!)], options);
  },
};
