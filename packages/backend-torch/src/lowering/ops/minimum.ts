import { broadcastOperands } from '../broadcast-operands.ts';
import type { Lowering } from '../lowering.ts';

export const minimum: Lowering<'minimum'> = {
  op: 'minimum',
  support: { runs: 'native', note: 'Min' },
  lower: (op, context) => void context.writer.node('Min', broadcastOperands(op, context), op.outputs),
};
