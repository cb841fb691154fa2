import { type ActivationOp, type BatchNormOp, type BinaryOp, drawWeights } from '@nnm/core';
import { binaryOptions, type LoweringContext, shapeOf, tensorOf } from './context.ts';
import { batchNormAffine } from './fold-batch-norm.ts';
import type { FusedOp } from './fuse.ts';

/** A batch normalisation with no weights before it: `MUL`, then `ADD`. */
export function lowerBatchNorm(context: LoweringContext, { activation, outputs }: FusedOp, op: BatchNormOp): void {
  const { model } = context;
  const name = op.outputs[0]!;
  const { scale, shift } = batchNormAffine(op, drawWeights(context.graph, op, context.shapes));
  const x = tensorOf(context, op.inputs[0]!);
  const scaled = model.value(`${name}/scaled`, shapeOf(context, name));
  const factor = model.weights(`${name}/scale`, [scale.length], Float32Array.from(scale));
  model.operator('MUL', [x, factor], [scaled], binaryOptions('MulOptions'));
  const addend = model.weights(`${name}/shift`, [shift.length], Float32Array.from(shift));
  model.operator('ADD', [scaled, addend], [tensorOf(context, outputs[0]!)], binaryOptions('AddOptions', activation));
}

/** `ADD` or `MUL`. */
export function lowerBinary(context: LoweringContext, { activation, outputs }: FusedOp, op: BinaryOp): void {
  const inputs = op.inputs.map((id) => tensorOf(context, id));
  const options = binaryOptions(op.op === 'add' ? 'AddOptions' : 'MulOptions', activation);
  context.model.operator(op.op === 'add' ? 'ADD' : 'MUL', inputs, [tensorOf(context, outputs[0]!)], options);
}

/** An activation of its own; those without an operator in the format are written out, as TensorFlow's converter does. */
export function lowerActivation(context: LoweringContext, op: ActivationOp): void {
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
