import { Chain } from '../chain.ts';
import { arrange } from '../layout-of-axes.ts';
import type { Lowering } from '../lowering.ts';

export const slice: Lowering<'slice'> = {
  op: 'slice',
  support: { runs: 'native', note: 'Slice' },
  lower(op, context) {
    const chain = new Chain(context, op);
    const end = op.begin.map((first, axis) => first + (op.size[axis] as number));
    const starts = chain.integers('starts', arrange(op.begin, context.layout));
    const ends = chain.integers('ends', arrange(end, context.layout));
    const axes = chain.integers(
      'axes',
      op.begin.map((_, axis) => axis),
    );
    chain.last('Slice', [chain.input(), starts, ends, axes]);
  },
};
