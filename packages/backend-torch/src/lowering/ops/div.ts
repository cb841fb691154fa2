import { broadcastOperands } from '../broadcast-operands.ts';
import type { Lowering } from '../lowering.ts';

export const div: Lowering<'div'> = {
  op: 'div',
  support: { runs: 'native', note: 'Div' },
  lower: (op, context) => void context.writer.node('Div', broadcastOperands(op, context), op.outputs),
};
