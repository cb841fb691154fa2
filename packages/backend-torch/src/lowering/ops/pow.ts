import { broadcastOperands } from '../broadcast-operands.ts';
import type { Lowering } from '../lowering.ts';

export const pow: Lowering<'pow'> = {
  op: 'pow',
  support: { runs: 'native', note: 'Pow' },
  lower: (op, context) => void context.writer.node('Pow', broadcastOperands(op, context), op.outputs),
};
