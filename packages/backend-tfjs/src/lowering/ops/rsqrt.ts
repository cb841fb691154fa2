import type { Lowering } from '../lowering.ts';

export const rsqrt: Lowering<'rsqrt'> = {
  op: 'rsqrt',
  support: { runs: 'native', note: 'Rsqrt' },
  lower: (writer) => writer.last('Rsqrt', [writer.x]),
};
