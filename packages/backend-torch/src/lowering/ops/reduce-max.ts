import type { Lowering } from '../lowering.ts';
import { writeReduce } from '../reduce.ts';

export const reduceMax: Lowering<'reduceMax'> = {
  op: 'reduceMax',
  support: { runs: 'native', note: 'ReduceMax' },
  lower: (op, context) =>
    writeReduce(op, context, (axes, keepdims) => ({ node: 'ReduceMax', inputs: context.inputs, attributes: { axes, keepdims } })),
};
