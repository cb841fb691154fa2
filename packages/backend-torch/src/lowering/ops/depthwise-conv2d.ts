import { drawWeights } from '@nnm/core';
import { imageOf } from '../context.ts';
import { biasInput, windowAttributes } from '../layer.ts';
import type { Lowering } from '../lowering.ts';
import { torchKernel } from '../weight-layout.ts';

export const depthwiseConv2d: Lowering<'depthwiseConv2d'> = {
  op: 'depthwiseConv2d',
  layout: 'first',
  support: { runs: 'native', note: 'Conv with a group per channel' },
  lower(op, context) {
    const {
      graph,
      shapes,
      writer,
      inputs: [x],
    } = context;
    const weights = drawWeights(graph, op, shapes);
    const [kh, kw] = op.kernelSize;
    const channels = imageOf(context, op)[3];
    const filters = channels * (op.depthMultiplier ?? 1);
    const kernel = writer.floats(`${op.outputs[0]}.weight`, [filters, 1, kh, kw], torchKernel(weights.kernel!, kh * kw));
    const inputs = [x as string, kernel, ...biasInput(op, weights, writer)];
    writer.node('Conv', inputs, op.outputs, { ...windowAttributes(op, context), dilations: op.dilation ?? [1, 1], group: channels });
  },
};
