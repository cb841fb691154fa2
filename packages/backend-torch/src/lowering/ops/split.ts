import { shapeOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const split: Lowering<'split'> = {
  op: 'split',
  support: { runs: 'native', note: 'Split' },
  lower(op, context) {
    const { writer } = context;
    const input = op.inputs[0] as string;
    const part = (shapeOf(context, input).at(-1) as number) / op.outputs.length;
    const sizes = writer.integers(`${op.outputs[0]}/sizes`, Array(op.outputs.length).fill(part));
    writer.node('Split', [input, sizes], op.outputs, { axis: 1 });
  },
};
