import type { NodeRef } from '../../graph-model/graph-model-builder.ts';
import type { Lowering } from '../lowering.ts';

/** Those without an operator in TensorFlow are written out, as Keras does. */
export const activation: Lowering<'activation'> = {
  op: 'activation',
  support: {
    runs: 'native',
    note: 'fused behind a bias or Relu, Relu6; Sigmoid; swish, hswish and hsigmoid are composed of AddV2, Relu6, Sigmoid, Mul',
  },
  lower(writer, { function: name }) {
    const { x } = writer;
    const gate = (): NodeRef => writer.step('Relu6', [writer.step('AddV2', [x, writer.scalar(3)])]);
    const sixth = writer.scalar(1 / 6);
    if (name === 'relu') writer.last('Relu', [x]);
    else if (name === 'relu6') writer.last('Relu6', [x]);
    else if (name === 'sigmoid') writer.last('Sigmoid', [x]);
    else if (name === 'swish') writer.last('Mul', [x, writer.step('Sigmoid', [x])]);
    else if (name === 'hsigmoid') writer.last('Mul', [gate(), sixth]);
    else writer.last('Mul', [writer.step('Mul', [x, gate()]), sixth]);
  },
};
