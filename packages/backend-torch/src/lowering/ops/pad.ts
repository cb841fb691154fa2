import { paddedSource } from '@nnm/core';
import { Chain } from '../chain.ts';
import { shapeOf } from '../context.ts';
import { arrange } from '../layout-of-axes.ts';
import type { Lowering } from '../lowering.ts';

export const pad: Lowering<'pad'> = {
  op: 'pad',
  support: { runs: 'native', note: 'Pad; symmetric is composed of a Gather per axis' },
  lower(op, context) {
    const chain = new Chain(context, op);
    const paddings = arrange(op.paddings, context.layout);
    if (op.mode !== 'symmetric') {
      const pads = chain.integers('pads', [...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)]);
      const value = op.mode === 'constant' ? [context.writer.scalar(op.value)] : [];
      chain.last('Pad', [chain.input(), pads, ...value], { mode: op.mode });
      return;
    }
    const sizes = arrange(shapeOf(context, op.inputs[0] as string), context.layout);
    let x = chain.input();
    paddings.forEach(([before, after], axis) => {
      if (before + after === 0) return;
      const size = sizes[axis] as number;
      const indices = Array.from({ length: size + before + after }, (_, i) => paddedSource(i, before, size, 'symmetric'));
      x = chain.step('Gather', [x, chain.integers(`indices_${axis}`, indices)], { axis });
    });
    chain.last('Identity', [x]);
  },
};
