import { shapeOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const split: Lowering<'split'> = {
  op: 'split',
  support: { runs: 'reference kernel', note: 'SPLIT' },
  nonNegative: 'with its inputs',
  lower(context, op) {
    const axis = shapeOf(context, op.inputs[0]!).length - 1;
    const outputs = op.outputs.map((id) => tensorOf(context, id));
    const inputs = [context.model.integers([], [axis]), tensorOf(context, op.inputs[0]!)];
    context.model.operator('SPLIT', inputs, outputs, { type: 'SplitOptions', numSplits: outputs.length });
  },
};
