import { writeOnLastAxis } from '../last-axis.ts';
import type { Lowering } from '../lowering.ts';

export const softmax: Lowering<'softmax'> = {
  op: 'softmax',
  support: {
    runs: 'delegated',
    note: 'SOFTMAX; another axis than the last is composed: TRANSPOSE*, SOFTMAX, TRANSPOSE',
  },
  nonNegative: () => true,
  lower: (context, op) => writeOnLastAxis(context, op, 'SOFTMAX', { type: 'SoftmaxOptions', beta: 1 }),
};
