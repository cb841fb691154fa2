import type { Lowering } from '../lowering.ts';

export const activation: Lowering<'activation'> = {
  op: 'activation',
  support: {
    runs: 'native',
    note: 'Relu, Clip, HardSigmoid, Sigmoid; HardSwish, which the runtime makes HardSigmoid and Mul; swish is composed: Sigmoid, Mul, which the runtime fuses to QuickGelu',
  },
  lower(op, { writer, inputs }) {
    const [input] = inputs as readonly [string];
    switch (op.function) {
      case 'relu':
        writer.node('Relu', [input], op.outputs);
        return;
      case 'relu6':
        writer.node('Clip', [input, writer.scalar(0), writer.scalar(6)], op.outputs);
        return;
      case 'hswish':
        writer.node('HardSwish', [input], op.outputs);
        return;
      case 'hsigmoid':
        writer.node('HardSigmoid', [input], op.outputs, { alpha: { float: 1 / 6 }, beta: { float: 0.5 } });
        return;
      case 'sigmoid':
        writer.node('Sigmoid', [input], op.outputs);
        return;
      case 'swish': {
        const gate = writer.node('Sigmoid', [input], [writer.unusedName(`${op.outputs[0]}/sigmoid`)]);
        writer.node('Mul', [input, gate], op.outputs);
        return;
      }
    }
  },
};
