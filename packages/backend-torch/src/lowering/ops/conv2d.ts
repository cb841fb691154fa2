import { drawWeights } from '@nnm/core';
import { imageOf } from '../context.ts';
import { biasInput, windowAttributes } from '../layer.ts';
import type { Lowering } from '../lowering.ts';
import { torchKernel } from '../weight-layout.ts';

export const conv2d: Lowering<'conv2d'> = {
  op: 'conv2d',
  layout: 'first',
  support: { runs: 'native', note: 'Conv' },
  lower(op, context) {
    const {
      graph,
      shapes,
      writer,
      inputs: [x],
    } = context;
    const weights = drawWeights(graph, op, shapes);
    const [kh, kw] = op.kernelSize;
    const perGroup = imageOf(context, op)[3] / op.groups;
    const kernel = writer.floats(`${op.outputs[0]}.weight`, [op.filters, perGroup, kh, kw], torchKernel(weights.kernel!, kh * kw));
    const inputs = [x as string, kernel, ...biasInput(op, weights, writer)];
    writer.node('Conv', inputs, op.outputs, { ...windowAttributes(op, context), dilations: op.dilation ?? [1, 1], group: op.groups });
  },
};
