import { resolveAxes } from '@nnm/core';
import { inputsOf, shapeOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const squeeze: Lowering<'squeeze'> = {
  op: 'squeeze',
  support: { runs: 'reference kernel', note: 'SQUEEZE*' },
  nonNegative: 'with its inputs',
  lower(context, op) {
    const squeezeDims = resolveAxes(op.axes, shapeOf(context, op.inputs[0]!).length);
    context.model.operator('SQUEEZE', inputsOf(context, op), [tensorOf(context, op.outputs[0]!)], { type: 'SqueezeOptions', squeezeDims });
  },
};
