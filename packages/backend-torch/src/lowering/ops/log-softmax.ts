import type { Lowering } from '../lowering.ts';
import { modelAxis } from '../model-axis.ts';

export const logSoftmax: Lowering<'logSoftmax'> = {
  op: 'logSoftmax',
  support: { runs: 'native', note: 'LogSoftmax' },
  lower: (op, context) => void context.writer.node('LogSoftmax', context.inputs, op.outputs, { axis: modelAxis(op.axis, op, context) }),
};
