import { resolveAxes } from '@nnm/core';
import { shapeOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const reduceMean: Lowering<'reduceMean'> = {
  op: 'reduceMean',
  support: { runs: 'reference kernel', note: 'MEAN*{; delegated over height and width of an image with keepDims}' },
  nonNegative: 'with its inputs',
  lower(context, op) {
    const axes = resolveAxes(op.axes, shapeOf(context, op.inputs[0]!).length);
    const inputs = [tensorOf(context, op.inputs[0]!), context.model.integers([axes.length], axes)];
    context.model.operator('MEAN', inputs, [tensorOf(context, op.outputs[0]!)], { type: 'ReducerOptions', keepDims: op.keepDims });
  },
};
