import { broadcastOperands } from '../broadcast-operands.ts';
import type { Lowering } from '../lowering.ts';

export const mul: Lowering<'mul'> = {
  op: 'mul',
  support: { runs: 'native', note: 'Mul' },
  lower: (op, context) => void context.writer.node('Mul', broadcastOperands(op, context), op.outputs),
};
