import { windowAttributes } from '../layer.ts';
import type { Lowering } from '../lowering.ts';

export const avgPool: Lowering<'avgPool'> = {
  op: 'avgPool',
  layout: 'first',
  support: { runs: 'native', note: 'AveragePool' },
  lower(op, context) {
    const attributes = { ...windowAttributes(op, context), ceil_mode: 0, count_include_pad: 0 };
    context.writer.node('AveragePool', context.inputs, op.outputs, attributes);
  },
};
