import { countElements } from '@nnm/core';
import { flag, text } from '../../graph-model/graph-def.ts';
import { fusedParts } from '../fused-layer.ts';
import { layerWeights } from '../layer-weights.ts';
import type { Lowering } from '../lowering.ts';

/** Of more than two axes it is a product of rows between two `Reshape`, as Keras writes it, with a `BiasAdd` behind them. */
export const dense: Lowering<'dense'> = {
  op: 'dense',
  support: {
    runs: 'native',
    note: '_FusedMatMul; MatMul without bias; more than two axes are composed: Reshape, MatMul, Reshape, BiasAdd',
  },
  fusesActivation: ({ inputs }, shapes) => shapes.get(inputs[0]!)?.length === 2,
  lower(writer, op) {
    const shape = writer.shape();
    const { kernel, bias } = layerWeights(writer);
    const weights = writer.weights('kernel', [shape.at(-1)!, op.units], kernel());
    const plain = { transpose_a: flag(false), transpose_b: flag(false) };
    if (shape.length === 2) {
      const fused = fusedParts(writer, bias);
      writer.last(fused ? '_FusedMatMul' : 'MatMul', [writer.x, weights, ...(fused?.operands ?? [])], { ...plain, ...fused?.attrs });
      return;
    }
    const rows = writer.reshaped(writer.x, [countElements(shape.slice(0, -1)), shape.at(-1)!]);
    const product = writer.step('MatMul', [rows, weights], plain);
    if (bias === undefined) writer.lastReshape(product);
    else
      writer.last('BiasAdd', [writer.reshaped(product, writer.outputShape), writer.weights('bias', [op.units], bias)], {
        data_format: text('NHWC'),
      });
  },
};
