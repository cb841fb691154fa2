import type { Lowering } from '../lowering.ts';

export const spaceToDepth: Lowering<'spaceToDepth'> = {
  op: 'spaceToDepth',
  layout: 'first',
  support: { runs: 'native', note: 'SpaceToDepth' },
  lower: (op, { writer, inputs }) => void writer.node('SpaceToDepth', inputs, op.outputs, { blocksize: op.blockSize }),
};
