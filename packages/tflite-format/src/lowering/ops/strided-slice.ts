import { tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const stridedSlice: Lowering<'stridedSlice'> = {
  op: 'stridedSlice',
  support: { runs: 'reference kernel', note: 'STRIDED_SLICE*' },
  nonNegative: 'with its inputs',
  lower(context, { inputs, outputs, begin, end, strides }) {
    const { model } = context;
    const limits = [begin, end, strides].map((values) => model.integers([values.length], values));
    model.operator('STRIDED_SLICE', [tensorOf(context, inputs[0]!), ...limits], [tensorOf(context, outputs[0]!)], {
      type: 'StridedSliceOptions',
    });
  },
};
