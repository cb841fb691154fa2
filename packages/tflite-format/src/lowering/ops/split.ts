import { resolveAxis } from '@nnm/core';
import { shapeOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const split: Lowering<'split'> = {
  op: 'split',
  support: { runs: 'reference kernel', note: 'SPLIT*; SPLIT_V* for parts of given sizes' },
  nonNegative: 'with its inputs',
  lower(context, op) {
    const { model } = context;
    const outputs = op.outputs.map((id) => tensorOf(context, id));
    const axis = model.integers([], [resolveAxis(op.axis ?? -1, shapeOf(context, op.inputs[0]!).length)]);
    const x = tensorOf(context, op.inputs[0]!);
    if (op.sizes === undefined) model.operator('SPLIT', [axis, x], outputs, { type: 'SplitOptions', numSplits: outputs.length });
    else {
      const sizes = model.integers([op.sizes.length], op.sizes);
      model.operator('SPLIT_V', [x, sizes, axis], outputs, { type: 'SplitVOptions', numSplits: outputs.length });
    }
  },
};
