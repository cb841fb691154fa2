import { drawWeights, resolveTransposedPadding } from '@nnm/core';
import { imageOf } from '../context.ts';
import { biasInput } from '../layer.ts';
import type { Lowering } from '../lowering.ts';
import { permute } from '../operands.ts';

/** Weights are `[cin, filters, kh, kw]`; what PyTorch adds at the end is `output_padding`. */
export const transposedConv2d: Lowering<'transposedConv2d'> = {
  op: 'transposedConv2d',
  layout: 'first',
  support: { runs: 'native', note: 'ConvTranspose' },
  lower(op, context) {
    const { graph, shapes, writer, inputs } = context;
    const weights = drawWeights(graph, op, shapes);
    const [kh, kw] = op.kernelSize;
    const channels = imageOf(context, op)[3];
    const { shape, data } = weights.kernel!;
    const kernel = writer.floats(`${op.outputs[0]}.weight`, [channels, op.filters, kh, kw], permute(data, shape, [2, 3, 0, 1]));
    const { top, bottom, left, right } = resolveTransposedPadding(op.padding, 'torch', op.kernelSize, op.strides);
    writer.node('ConvTranspose', [inputs[0] as string, kernel, ...biasInput(op, weights, writer)], op.outputs, {
      kernel_shape: op.kernelSize,
      strides: op.strides,
      pads: [top, left, Math.max(0, bottom), Math.max(0, right)],
      output_padding: [Math.max(0, -bottom), Math.max(0, -right)],
      dilations: [1, 1],
      group: 1,
    });
  },
};
