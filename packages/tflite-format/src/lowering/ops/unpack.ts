import { resolveAxis } from '@nnm/core';
import { inputsOf, shapeOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const unpack: Lowering<'unpack'> = {
  op: 'unpack',
  support: { runs: 'reference kernel', note: 'UNPACK*' },
  nonNegative: 'with its inputs',
  lower(context, op) {
    const axis = resolveAxis(op.axis, shapeOf(context, op.inputs[0]!).length);
    const outputs = op.outputs.map((id) => tensorOf(context, id));
    context.model.operator('UNPACK', inputsOf(context, op), outputs, { type: 'UnpackOptions', num: outputs.length, axis });
  },
};
