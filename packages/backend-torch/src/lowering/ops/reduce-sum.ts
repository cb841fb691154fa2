import type { Lowering } from '../lowering.ts';
import { writeReduce } from '../reduce.ts';

/** The first reduction whose axes are an input. */
export const reduceSum: Lowering<'reduceSum'> = {
  op: 'reduceSum',
  support: { runs: 'native', note: 'ReduceSum' },
  lower: (op, context) =>
    writeReduce(op, context, (axes, keepdims) => ({
      node: 'ReduceSum',
      inputs: [...context.inputs, context.writer.integers(`${op.outputs[0]}/axes`, axes)],
      attributes: { keepdims },
    })),
};
