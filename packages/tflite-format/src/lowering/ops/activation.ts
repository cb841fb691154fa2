import type { ActivationFunction, ActivationOp } from '@nnm/core';
import { binaryOptions, type LoweringContext, shapeOf, tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

/** An activation of its own; those without an operator in the format are written out, as TensorFlow's converter does. */
function lower(context: LoweringContext, op: ActivationOp): void {
  const { model } = context;
  const name = op.outputs[0]!;
  const shape = shapeOf(context, name);
  const x = tensorOf(context, op.inputs[0]!);
  const result = tensorOf(context, name);
  switch (op.function) {
    case 'relu':
      model.operator('RELU', [x], [result]);
      break;
    case 'relu6':
      model.operator('RELU6', [x], [result]);
      break;
    case 'hswish':
      model.operator('HARD_SWISH', [x], [result], { type: 'HardSwishOptions' });
      break;
    case 'sigmoid':
      model.operator('LOGISTIC', [x], [result]);
      break;
    case 'swish': {
      const gate = model.value(`${name}/gate`, shape);
      model.operator('LOGISTIC', [x], [gate]);
      model.operator('MUL', [x, gate], [result], binaryOptions('MulOptions'));
      break;
    }
    case 'hsigmoid': {
      const clipped = model.value(`${name}/clipped`, shape);
      model.operator('ADD', [x, model.scalar(3)], [clipped], binaryOptions('AddOptions', 'relu6'));
      model.operator('MUL', [clipped, model.scalar(1 / 6)], [result], binaryOptions('MulOptions'));
      break;
    }
  }
}

const NON_NEGATIVE: ReadonlySet<ActivationFunction> = new Set(['relu', 'relu6', 'sigmoid', 'hsigmoid']);

export const activation: Lowering<'activation'> = {
  op: 'activation',
  support: { runs: 'delegated', note: 'RELU, RELU6, HARD_SWISH, LOGISTIC; swish and hsigmoid are composed with MUL' },
  nonNegative: (op) => NON_NEGATIVE.has(op.function),
  lower,
};
