import type { Lowering } from '../lowering.ts';

export const transpose: Lowering<'transpose'> = {
  op: 'transpose',
  support: { runs: 'native', note: 'Transpose' },
  lower: (writer, { permutation }) => writer.last('Transpose', [writer.x, writer.list(permutation)]),
};
