import { imageOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const flatten: Lowering<'flatten'> = {
  op: 'flatten',
  layout: 'first',
  support: { runs: 'native', note: 'Flatten, with a Transpose before it where not only dense layers read it' },
  lower(op, context) {
    const { writer, flattenedFrom } = context;
    const [input, output] = [context.inputs[0] as string, op.outputs[0] as string];
    const [, h, w, c] = imageOf(context, op);
    const sameOrder = flattenedFrom.has(output) || h * w === 1 || c === 1;
    const source = sameOrder ? input : writer.unusedName(`${output}/channels_last`);
    if (!sameOrder) writer.node('Transpose', [input], [source], { perm: [0, 2, 3, 1] });
    writer.node('Flatten', [source], op.outputs, { axis: 1 });
  },
};
