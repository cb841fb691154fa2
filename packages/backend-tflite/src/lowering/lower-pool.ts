import type { PoolOp } from '@nnm/core';
import { FusedActivation, PaddingScheme } from '../flatbuffer/schema.ts';
import { binaryOptions, type LoweringContext, shapeOf, tensorOf } from './context.ts';
import type { FusedOp } from './fuse.ts';
import { padInput } from './pad.ts';
import { averageCorrection, lowerPadding } from './padding.ts';

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
  const options = {
    type: 'Pool2DOptions',
    padding: PaddingScheme[scheme],
    strideW: op.strides[1],
    strideH: op.strides[0],
    filterWidth: op.kernelSize[1],
    filterHeight: op.kernelSize[0],
    fusedActivation: FusedActivation[activation],
  } as const;

  if (op.op === 'maxPool') {
    const fill = context.nonNegative.has(op.inputs[0]!) ? 'zero' : 'lowest';
    const padded = pixels === undefined ? x : padInput(context, x, shape, pixels, name, fill);
    model.operator('MAX_POOL_2D', [padded], [result], options);
    return;
  }
  if (pixels === undefined) {
    model.operator('AVERAGE_POOL_2D', [x], [result], options);
    return;
  }
  const padded = padInput(context, x, shape, pixels, name);
  const averaged = model.value(`${name}/averaged`, shapeOf(context, name));
  model.operator('AVERAGE_POOL_2D', [padded], [averaged], { ...options, fusedActivation: FusedActivation.none });
  const [, outputHeight, outputWidth] = shapeOf(context, name);
  const correction = averageCorrection(pixels, size, op.kernelSize, op.strides);
  const factor = model.weights(`${name}/correction`, [1, outputHeight!, outputWidth!, 1], correction);
  model.operator('MUL', [averaged, factor], [result], binaryOptions('MulOptions', activation));
}
