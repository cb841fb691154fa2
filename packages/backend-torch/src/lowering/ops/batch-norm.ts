import { drawWeights, type WeightTensor } from '@nnm/core';
import { Chain } from '../chain.ts';
import { shapeOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

/** Inputs of `BatchNormalization` in order: our name, PyTorch's name. */
const CONSTANTS = [
  ['gamma', 'weight'],
  ['beta', 'bias'],
  ['mean', 'running_mean'],
  ['variance', 'running_var'],
] as const;

export const batchNorm: Lowering<'batchNorm'> = {
  op: 'batchNorm',
  layout: 'first',
  support: { runs: 'native', note: 'BatchNormalization, which the runtime fuses with the convolution before it' },
  lower(op, context) {
    const { graph, shapes } = context;
    const chain = new Chain(context, op);
    const weights = drawWeights(graph, op, shapes);
    const shape = shapeOf(context, op.inputs[0] as string);
    const size = [shape.at(-1) as number];
    const constants = CONSTANTS.map(([name, torch]) => chain.floats(torch, size, (weights[name] as WeightTensor).data));
    const epsilon = { epsilon: { float: op.epsilon } };
    if (shape.length === 2 || shape.length === 4) {
      chain.last('BatchNormalization', [chain.input(), ...constants], epsilon);
      return;
    }
    if (shape.length === 1) {
      const batch = chain.step('Reshape', [chain.input(), chain.integers('batch', [1, ...size])]);
      chain.last('Reshape', [chain.step('BatchNormalization', [batch, ...constants], epsilon), chain.integers('shape', size)]);
      return;
    }
    // The operator's channels are its second axis: of a sequence, [n, c, t].
    const last = shape.length - 1;
    const there = shape.map((_, axis) => (axis === 0 ? 0 : axis === 1 ? last : axis - 1));
    const back = shape.map((_, axis) => (axis === 0 ? 0 : axis === last ? 1 : axis + 1));
    const moved = chain.step('Transpose', [chain.input()], { perm: there });
    chain.last('Transpose', [chain.step('BatchNormalization', [moved, ...constants], epsilon)], { perm: back });
  },
};
