import { drawWeights, type WeightTensor } from '@nnm/core';
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
  support: { runs: 'native', note: 'BatchNormalization, which the runtime fuses with the convolution before it' },
  lower(op, context) {
    const { graph, shapes, writer } = context;
    const input = op.inputs[0] as string;
    const weights = drawWeights(graph, op, shapes);
    const size = [shapeOf(context, input).at(-1) as number];
    const constants = CONSTANTS.map(([name, torch]) =>
      writer.floats(`${op.outputs[0]}.${torch}`, size, (weights[name] as WeightTensor).data),
    );
    writer.node('BatchNormalization', [input, ...constants], op.outputs, { epsilon: { float: op.epsilon } });
  },
};
