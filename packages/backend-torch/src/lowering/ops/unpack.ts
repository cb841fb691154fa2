import { resolveAxis } from '@nnm/core';
import { shapeOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const unpack: Lowering<'unpack'> = {
  op: 'unpack',
  layout: 'last',
  support: { runs: 'composed', note: 'Split, Squeeze' },
  lower(op, context) {
    const { writer, inputs } = context;
    const axis = resolveAxis(op.axis, shapeOf(context, op.inputs[0] as string).length);
    const parts = op.outputs.map((id) => writer.unusedName(`${id}/part`));
    const sizes = writer.integers(`${op.outputs[0]}/sizes`, Array(parts.length).fill(1));
    const axes = writer.integers(`${op.outputs[0]}/axes`, [axis]);
    writer.node('Split', [inputs[0] as string, sizes], parts, { axis });
    parts.forEach((part, index) => {
      writer.node('Squeeze', [part, axes], [op.outputs[index] as string]);
    });
  },
};
