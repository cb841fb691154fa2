import { windowAttributes } from '../layer.ts';
import type { Lowering } from '../lowering.ts';

export const maxPool: Lowering<'maxPool'> = {
  op: 'maxPool',
  support: { runs: 'native', note: 'MaxPool' },
  lower: (op, context) => void context.writer.node('MaxPool', op.inputs, op.outputs, { ...windowAttributes(op, context), ceil_mode: 0 }),
};
