import { broadcastOperands } from '../broadcast-operands.ts';
import type { Lowering } from '../lowering.ts';

export const add: Lowering<'add'> = {
  op: 'add',
  support: { runs: 'native', note: 'Add' },
  lower: (op, context) => void context.writer.node('Add', broadcastOperands(op, context), op.outputs),
};
