import { broadcastOperands } from '../broadcast-operands.ts';
import type { Lowering } from '../lowering.ts';

export const sub: Lowering<'sub'> = {
  op: 'sub',
  support: { runs: 'native', note: 'Sub' },
  lower: (op, context) => void context.writer.node('Sub', broadcastOperands(op, context), op.outputs),
};
