import type { Lowering } from '../lowering.ts';

export const globalAvgPool: Lowering<'globalAvgPool'> = {
  op: 'globalAvgPool',
  layout: 'first',
  support: { runs: 'native', note: 'GlobalAveragePool, and Flatten without keepDims' },
  lower(op, { writer, inputs }) {
    const output = op.outputs[0] as string;
    const pooled = op.keepDims ? output : writer.unusedName(`${output}/pooled`);
    writer.node('GlobalAveragePool', inputs, [pooled]);
    if (!op.keepDims) writer.node('Flatten', [pooled], op.outputs, { axis: 1 });
  },
};
