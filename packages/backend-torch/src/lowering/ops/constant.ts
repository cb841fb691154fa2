import type { Lowering } from '../lowering.ts';

/** Its values are written where an op reads them, in the layout that the op runs in. */
export const constant: Lowering<'constant'> = {
  op: 'constant',
  support: { runs: 'native', note: 'an initialiser' },
  lower: () => undefined,
};
