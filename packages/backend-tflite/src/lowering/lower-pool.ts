import type { PoolOp } from '@nnm/core';
import { FusedActivation } from '../flatbuffer/schema.ts';
import { binaryOptions, type LoweringContext, shapeOf, tensorOf } from './context.ts';
import type { FusedOp } from './fuse.ts';
import { paddedShape, paddings, padWithZeros, windowOptions } from './lower-layers.ts';
import { averageCorrection, lowerPadding } from './padding.ts';

/** The lowest float32, which never wins a maximum. */
const LOWEST = -3.4028234663852886e38;

/**
 * `MAX_POOL_2D` or `AVERAGE_POOL_2D`, which leave the pixels of `SAME` out of account by themselves.
 *
 * Explicit pixels: a maximum is padded with the lowest number (with zeros, which delegates support, where nothing is below
 * zero); an average is padded with zeros and multiplied by window size / real pixels.
 */
export function lowerPool(context: LoweringContext, { activation, outputs }: FusedOp, op: PoolOp): void {
  const { model } = context;
  const x = tensorOf(context, op.inputs[0]!);
  const shape = shapeOf(context, op.inputs[0]!);
  const name = op.outputs[0]!;
  const result = tensorOf(context, outputs[0]!);
  const size = [shape[1]!, shape[2]!] as const;
  const { scheme, pixels } = lowerPadding(op.padding, size, op.kernelSize, op.strides);
  const options = { ...windowOptions(op, scheme), filterWidth: op.kernelSize[1], filterHeight: op.kernelSize[0] };
  const fusedActivation = FusedActivation[activation];

  if (op.op === 'maxPool') {
    const padded = pixels === undefined ? x : padForMaximum();
    model.operator('MAX_POOL_2D', [padded], [result], { type: 'Pool2DOptions', ...options, fusedActivation });
    return;
  }
  if (pixels === undefined) {
    model.operator('AVERAGE_POOL_2D', [x], [result], { type: 'Pool2DOptions', ...options, fusedActivation });
    return;
  }
  const padded = padWithZeros(context, x, shape, pixels, name);
  const averaged = model.value(`${name}/averaged`, shapeOf(context, name));
  model.operator('AVERAGE_POOL_2D', [padded], [averaged], { type: 'Pool2DOptions', ...options, fusedActivation: FusedActivation.none });
  const [, outputHeight, outputWidth] = shapeOf(context, name);
  const correction = averageCorrection(pixels, size, op.kernelSize, op.strides);
  const factor = model.weights(`${name}/correction`, [1, outputHeight!, outputWidth!, 1], correction);
  model.operator('MUL', [averaged, factor], [result], binaryOptions('MulOptions', activation));

  function padForMaximum(): number {
    if (context.nonNegative.has(op.inputs[0]!)) return padWithZeros(context, x, shape, pixels!, name);
    const target = model.value(`${name}/padded`, paddedShape(shape, pixels!));
    model.operator('PADV2', [x, model.integers([4, 2], paddings(pixels!)), model.scalar(LOWEST)], [target], { type: 'PadV2Options' });
    return target;
  }
}
