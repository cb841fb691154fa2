import { resolveAxis } from '@nnm/core';
import { shapeOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';
import { modelAxis } from '../model-axis.ts';

export const split: Lowering<'split'> = {
  op: 'split',
  support: { runs: 'native', note: 'Split' },
  lower(op, context) {
    const { writer, inputs } = context;
    const rank = shapeOf(context, op.inputs[0] as string).length;
    const parts = op.outputs.map((id) => shapeOf(context, id)[resolveAxis(op.axis ?? -1, rank)] as number);
    const sizes = writer.integers(`${op.outputs[0]}/sizes`, parts);
    writer.node('Split', [inputs[0] as string, sizes], op.outputs, { axis: modelAxis(op.axis ?? -1, op, context) });
  },
};
