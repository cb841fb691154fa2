import { tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const globalAvgPool: Lowering<'globalAvgPool'> = {
  op: 'globalAvgPool',
  support: { runs: 'delegated', note: 'MEAN over height and width' },
  nonNegative: 'with its inputs',
  lower(context, op) {
    const inputs = [tensorOf(context, op.inputs[0]!), context.model.integers([2], [1, 2])];
    context.model.operator('MEAN', inputs, [tensorOf(context, op.outputs[0]!)], { type: 'ReducerOptions', keepDims: op.keepDims });
  },
};
