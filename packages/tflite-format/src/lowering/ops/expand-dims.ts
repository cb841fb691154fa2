import { resolveAxis } from '@nnm/core';
import { shapeOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const expandDims: Lowering<'expandDims'> = {
  op: 'expandDims',
  support: { runs: 'reference kernel', note: 'EXPAND_DIMS*' },
  nonNegative: 'with its inputs',
  lower(context, op) {
    const { model } = context;
    const axis = model.integers([], [resolveAxis(op.axis, shapeOf(context, op.outputs[0]!).length)]);
    model.operator('EXPAND_DIMS', [tensorOf(context, op.inputs[0]!), axis], [tensorOf(context, op.outputs[0]!)], {
      type: 'ExpandDimsOptions',
    });
  },
};
