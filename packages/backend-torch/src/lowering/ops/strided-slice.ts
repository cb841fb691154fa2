import { Chain } from '../chain.ts';
import { arrange } from '../layout-of-axes.ts';
import type { Lowering } from '../lowering.ts';

export const stridedSlice: Lowering<'stridedSlice'> = {
  op: 'stridedSlice',
  support: { runs: 'native', note: 'Slice' },
  lower(op, context) {
    const chain = new Chain(context, op);
    const end = op.end;
    const starts = chain.integers('starts', arrange(op.begin, context.layout));
    const ends = chain.integers('ends', arrange(end, context.layout));
    const axes = chain.integers(
      'axes',
      op.begin.map((_, axis) => axis),
    );
    chain.last('Slice', [chain.input(), starts, ends, axes, chain.integers('steps', arrange(op.strides, context.layout))]);
  },
};
