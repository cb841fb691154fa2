import type { Lowering } from '../lowering.ts';

export const depthToSpace: Lowering<'depthToSpace'> = {
  op: 'depthToSpace',
  layout: 'first',
  support: { runs: 'native', note: 'DepthToSpace' },
  lower: (op, { writer, inputs }) => void writer.node('DepthToSpace', inputs, op.outputs, { blocksize: op.blockSize, mode: 'DCR' }),
};
