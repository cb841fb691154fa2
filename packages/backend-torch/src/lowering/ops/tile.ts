import { Chain } from '../chain.ts';
import { arrange } from '../layout-of-axes.ts';
import type { Lowering } from '../lowering.ts';

export const tile: Lowering<'tile'> = {
  op: 'tile',
  support: { runs: 'native', note: 'Tile' },
  lower(op, context) {
    const chain = new Chain(context, op);
    chain.last('Tile', [chain.input(), chain.integers('repeats', arrange(op.repeats, context.layout))]);
  },
};
