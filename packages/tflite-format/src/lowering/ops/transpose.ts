import { tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const transpose: Lowering<'transpose'> = {
  op: 'transpose',
  support: { runs: 'reference kernel', note: 'TRANSPOSE*' },
  nonNegative: 'with its inputs',
  lower(context, { inputs, outputs, permutation }) {
    const order = context.model.integers([permutation.length], permutation);
    context.model.operator('TRANSPOSE', [tensorOf(context, inputs[0]!), order], [tensorOf(context, outputs[0]!)], {
      type: 'TransposeOptions',
    });
  },
};
