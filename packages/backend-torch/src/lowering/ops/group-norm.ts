import { drawWeights } from '@nnm/core';
import { Chain } from '../chain.ts';
import { imageOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const groupNorm: Lowering<'groupNorm'> = {
  op: 'groupNorm',
  layout: 'first',
  support: { runs: 'composed', note: 'Reshape, InstanceNormalization, Reshape, Mul, Add' },
  lower(op, context) {
    const chain = new Chain(context, op);
    const [n, h, w, c] = imageOf(context, op);
    const weights = drawWeights(context.graph, op, context.shapes);
    const grouped = chain.step('Reshape', [chain.input(), chain.integers('grouped_shape', [n, op.groups, (c / op.groups) * h * w])]);
    const ones = chain.floats('group_weight', [op.groups], new Float32Array(op.groups).fill(1));
    const zeros = chain.floats('group_bias', [op.groups], new Float32Array(op.groups));
    const normalised = chain.step('InstanceNormalization', [grouped, ones, zeros], { epsilon: { float: op.epsilon } });
    const image = chain.step('Reshape', [normalised, chain.integers('shape', [n, c, h, w])]);
    const scaled = chain.step('Mul', [image, chain.floats('weight', [c, 1, 1], weights.gamma!.data)]);
    chain.last('Add', [scaled, chain.floats('bias', [c, 1, 1], weights.beta!.data)]);
  },
};
