import type { Lowering } from '../lowering.ts';

export const slice: Lowering<'slice'> = {
  op: 'slice',
  support: { runs: 'native', note: 'Slice' },
  lower: (writer, { begin, size }) => writer.last('Slice', [writer.x, writer.list(begin), writer.list(size)]),
};
