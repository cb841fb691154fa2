import { writeOnLastAxis } from '../last-axis.ts';
import type { Lowering } from '../lowering.ts';

export const logSoftmax: Lowering<'logSoftmax'> = {
  op: 'logSoftmax',
  support: { runs: 'native', note: 'LogSoftmax; another axis than the last is composed: Transpose, LogSoftmax, Transpose' },
  lower: (writer, { axis }) => writeOnLastAxis(writer, axis, 'LogSoftmax'),
};
