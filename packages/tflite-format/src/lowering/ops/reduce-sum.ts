import { resolveAxes } from '@nnm/core';
import { shapeOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const reduceSum: Lowering<'reduceSum'> = {
  op: 'reduceSum',
  support: { runs: 'reference kernel', note: 'SUM*' },
  nonNegative: 'with its inputs',
  lower(context, op) {
    const axes = resolveAxes(op.axes, shapeOf(context, op.inputs[0]!).length);
    const inputs = [tensorOf(context, op.inputs[0]!), context.model.integers([axes.length], axes)];
    context.model.operator('SUM', inputs, [tensorOf(context, op.outputs[0]!)], { type: 'ReducerOptions', keepDims: op.keepDims });
  },
};
