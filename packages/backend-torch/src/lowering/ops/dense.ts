import { drawWeights } from '@nnm/core';
import { Chain } from '../chain.ts';
import { shapeOf } from '../context.ts';
import { biasInput } from '../layer.ts';
import type { Lowering } from '../lowering.ts';
import { torchKernel } from '../weight-layout.ts';

export const dense: Lowering<'dense'> = {
  op: 'dense',
  layout: 'last',
  support: { runs: 'native', note: 'Gemm; MatMul and Add for more than two axes' },
  lower(op, context) {
    const { graph, shapes, writer, flattenedFrom } = context;
    const chain = new Chain(context, op);
    const weights = drawWeights(graph, op, shapes);
    const shape = shapeOf(context, op.inputs[0] as string);
    const features = shape.at(-1) as number;
    if (shape.length === 2) {
      const [, h = 1, w = 1] = flattenedFrom.get(op.inputs[0] as string) ?? [];
      const kernel = writer.floats(`${op.outputs[0]}.weight`, [op.units, features], torchKernel(weights.kernel!, h * w));
      chain.last('Gemm', [chain.input(), kernel, ...biasInput(op, weights, writer)], { transB: 1 });
      return;
    }
    const product = [chain.input(), chain.floats('weight', [features, op.units], weights.kernel!.data)];
    const [bias] = biasInput(op, weights, writer);
    if (bias === undefined) chain.last('MatMul', product);
    else chain.last('Add', [bias, chain.step('MatMul', product)]);
  },
};
