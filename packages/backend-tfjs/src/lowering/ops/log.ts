import type { Lowering } from '../lowering.ts';

export const log: Lowering<'log'> = {
  op: 'log',
  support: { runs: 'native', note: 'Log' },
  lower: (writer) => writer.last('Log', [writer.x]),
};
