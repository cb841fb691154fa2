import { imageOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const channelShuffle: Lowering<'channelShuffle'> = {
  op: 'channelShuffle',
  layout: 'first',
  support: { runs: 'composed', note: 'Reshape, Transpose, Reshape' },
  lower(op, context) {
    const { writer } = context;
    const output = op.outputs[0] as string;
    const [n, h, w, c] = imageOf(context, op);
    const grouped = writer.unusedName(`${output}/grouped`);
    const swapped = writer.unusedName(`${output}/swapped`);
    const groupedShape = writer.integers(`${output}/grouped_shape`, [n, op.groups, c / op.groups, h, w]);
    const shuffledShape = writer.integers(`${output}/shape`, [n, c, h, w]);
    writer.node('Reshape', [context.inputs[0] as string, groupedShape], [grouped]);
    writer.node('Transpose', [grouped], [swapped], { perm: [0, 2, 1, 3, 4] });
    writer.node('Reshape', [swapped, shuffledShape], op.outputs);
  },
};
