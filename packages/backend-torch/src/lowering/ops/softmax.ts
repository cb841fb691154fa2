import type { Lowering } from '../lowering.ts';
import { modelAxis } from '../model-axis.ts';

export const softmax: Lowering<'softmax'> = {
  op: 'softmax',
  support: { runs: 'native', note: 'Softmax' },
  lower: (op, context) => void context.writer.node('Softmax', context.inputs, op.outputs, { axis: modelAxis(op.axis, op, context) }),
};
