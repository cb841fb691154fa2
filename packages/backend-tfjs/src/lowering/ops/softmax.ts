import { writeOnLastAxis } from '../last-axis.ts';
import type { Lowering } from '../lowering.ts';

export const softmax: Lowering<'softmax'> = {
  op: 'softmax',
  support: { runs: 'native', note: 'Softmax; another axis than the last is composed: Transpose, Softmax, Transpose' },
  lower: (writer, { axis }) => writeOnLastAxis(writer, axis, 'Softmax'),
};
