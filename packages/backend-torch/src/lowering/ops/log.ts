import type { Lowering } from '../lowering.ts';

export const log: Lowering<'log'> = {
  op: 'log',
  support: { runs: 'native', note: 'Log' },
  lower: (op, { writer, inputs }) => void writer.node('Log', inputs, op.outputs),
};
