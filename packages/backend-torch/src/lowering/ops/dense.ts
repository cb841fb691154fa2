import { drawWeights } from '@nnm/core';
import { shapeOf } from '../context.ts';
import { biasInput } from '../layer.ts';
import type { Lowering } from '../lowering.ts';
import { torchKernel } from '../weight-layout.ts';

export const dense: Lowering<'dense'> = {
  op: 'dense',
  support: { runs: 'native', note: 'Gemm' },
  lower(op, context) {
    const { graph, shapes, writer, channelsFirst } = context;
    const input = op.inputs[0] as string;
    const weights = drawWeights(graph, op, shapes);
    const features = shapeOf(context, input).at(-1) as number;
    const [, h = 1, w = 1] = channelsFirst.get(input) ?? [];
    const kernel = writer.floats(`${op.outputs[0]}.weight`, [op.units, features], torchKernel(weights.kernel!, h * w));
    writer.node('Gemm', [input, kernel, ...biasInput(op, weights, writer)], op.outputs, { transB: 1 });
  },
};
