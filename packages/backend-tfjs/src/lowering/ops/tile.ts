import type { Lowering } from '../lowering.ts';

export const tile: Lowering<'tile'> = {
  op: 'tile',
  support: { runs: 'native', note: 'Tile' },
  lower: (writer, { repeats }) => writer.last('Tile', [writer.x, writer.list(repeats)]),
};
