import { broadcastOperands } from '../broadcast-operands.ts';
import type { Lowering } from '../lowering.ts';

export const maximum: Lowering<'maximum'> = {
  op: 'maximum',
  support: { runs: 'native', note: 'Max' },
  lower: (op, context) => void context.writer.node('Max', broadcastOperands(op, context), op.outputs),
};
