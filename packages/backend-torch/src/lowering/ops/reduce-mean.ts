import type { Lowering } from '../lowering.ts';
import { writeReduce } from '../reduce.ts';

export const reduceMean: Lowering<'reduceMean'> = {
  op: 'reduceMean',
  support: { runs: 'native', note: 'ReduceMean' },
  lower: (op, context) =>
    writeReduce(op, context, (axes, keepdims) => ({ node: 'ReduceMean', inputs: context.inputs, attributes: { axes, keepdims } })),
};
