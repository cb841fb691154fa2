import { writeOnLastAxis } from '../last-axis.ts';
import type { Lowering } from '../lowering.ts';

export const logSoftmax: Lowering<'logSoftmax'> = {
  op: 'logSoftmax',
  support: { runs: 'reference kernel', note: 'LOG_SOFTMAX*; another axis than the last is composed with two TRANSPOSE*' },
  lower: (context, op) => writeOnLastAxis(context, op, 'LOG_SOFTMAX', { type: 'LogSoftmaxOptions' }),
};
