import type { Lowering } from '../lowering.ts';

export const channelShuffle: Lowering<'channelShuffle'> = {
  op: 'channelShuffle',
  support: { runs: 'composed', note: 'Reshape, Transpose, Reshape' },
  lower(writer, { groups }) {
    const [n, h, w, c] = writer.shape() as readonly [number, number, number, number];
    const grouped = writer.reshaped(writer.x, [n, h, w, groups, c / groups]);
    writer.lastReshape(writer.step('Transpose', [grouped, writer.list([0, 1, 2, 4, 3])]));
  },
};
