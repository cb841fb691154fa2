import { tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const slice: Lowering<'slice'> = {
  op: 'slice',
  support: { runs: 'reference kernel', note: 'SLICE*' },
  nonNegative: 'with its inputs',
  lower(context, { inputs, outputs, begin, size }) {
    const { model } = context;
    const operands = [tensorOf(context, inputs[0]!), model.integers([begin.length], begin), model.integers([size.length], size)];
    model.operator('SLICE', operands, [tensorOf(context, outputs[0]!)], { type: 'SliceOptions' });
  },
};
