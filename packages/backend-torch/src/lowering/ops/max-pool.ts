import { windowAttributes } from '../layer.ts';
import type { Lowering } from '../lowering.ts';

export const maxPool: Lowering<'maxPool'> = {
  op: 'maxPool',
  layout: 'first',
  support: { runs: 'native', note: 'MaxPool' },
  lower: (op, context) =>
    void context.writer.node('MaxPool', context.inputs, op.outputs, { ...windowAttributes(op, context), ceil_mode: 0 }),
};
