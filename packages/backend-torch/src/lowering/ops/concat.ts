import type { Lowering } from '../lowering.ts';
import { modelAxis } from '../model-axis.ts';

export const concat: Lowering<'concat'> = {
  op: 'concat',
  support: { runs: 'native', note: 'Concat' },
  lower: (op, context) => void context.writer.node('Concat', context.inputs, op.outputs, { axis: modelAxis(op.axis ?? -1, op, context) }),
};
