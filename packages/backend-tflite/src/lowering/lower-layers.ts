import { type Conv2dOp, type DenseOp, type DepthwiseConv2dOp, drawWeights, type Padding2d, type Size2d } from '@nnm/core';
import { FusedActivation, PaddingScheme } from '../flatbuffer/schema.ts';
import { type LoweringContext, shapeOf, tensorOf } from './context.ts';
import { batchNormAffine, foldBatchNorms } from './fold-batch-norm.ts';
import type { FusedOp } from './fuse.ts';
import type { TensorIndex } from './model-builder.ts';
import { lowerPadding } from './padding.ts';
import { scaleChannels, transposeWeights } from './weight-layout.ts';

/** `CONV_2D`, weights `[filters, kh, kw, cin]`. */
export function lowerConv2d(context: LoweringContext, fused: FusedOp, op: Conv2dOp): void {
  const { model } = context;
  const [, , , cin] = shapeOf(context, op.inputs[0]!) as readonly [number, number, number, number];
  const { kernel, scale, bias } = foldedWeights(context, fused, op.filters);
  const { x, scheme } = paddedInput(context, op);
  const name = op.outputs[0]!;
  const [kernelHeight, kernelWidth] = op.kernelSize;
  const options = { ...windowOptions(op, scheme), fusedActivation: FusedActivation[fused.activation], dilationW: 1, dilationH: 1 };
  const transposed = transposeWeights(kernel, op.filters, scale);
  model.operator(
    'CONV_2D',
    [
      x,
      model.weights(`${name}/kernel`, [op.filters, kernelHeight, kernelWidth, cin / op.groups], transposed),
      model.weights(`${name}/bias`, [op.filters], bias),
    ],
    [tensorOf(context, fused.outputs[0]!)],
    { type: 'Conv2DOptions', ...options },
  );
}

/** `DEPTHWISE_CONV_2D`, weights `[1, kh, kw, c]`. */
export function lowerDepthwiseConv2d(context: LoweringContext, fused: FusedOp, op: DepthwiseConv2dOp): void {
  const { model } = context;
  const channels = shapeOf(context, op.inputs[0]!)[3]!;
  const { kernel, scale, bias } = foldedWeights(context, fused, channels);
  const { x, scheme } = paddedInput(context, op);
  const name = op.outputs[0]!;
  model.operator(
    'DEPTHWISE_CONV_2D',
    [
      x,
      model.weights(`${name}/kernel`, [1, ...op.kernelSize, channels], scaleChannels(kernel, scale)),
      model.weights(`${name}/bias`, [channels], bias),
    ],
    [tensorOf(context, fused.outputs[0]!)],
    {
      type: 'DepthwiseConv2DOptions',
      ...windowOptions(op, scheme),
      depthMultiplier: 1,
      fusedActivation: FusedActivation[fused.activation],
      dilationW: 1,
      dilationH: 1,
    },
  );
}

/** `FULLY_CONNECTED`, weights `[units, c]`. */
export function lowerDense(context: LoweringContext, fused: FusedOp, op: DenseOp): void {
  const { model } = context;
  const channels = shapeOf(context, op.inputs[0]!)[1]!;
  const { kernel, scale, bias } = foldedWeights(context, fused, op.units);
  const name = op.outputs[0]!;
  model.operator(
    'FULLY_CONNECTED',
    [
      tensorOf(context, op.inputs[0]!),
      model.weights(`${name}/kernel`, [op.units, channels], transposeWeights(kernel, op.units, scale)),
      model.weights(`${name}/bias`, [op.units], bias),
    ],
    [tensorOf(context, fused.outputs[0]!)],
    { type: 'FullyConnectedOptions', fusedActivation: FusedActivation[fused.activation] },
  );
}

function foldedWeights(
  { graph, shapes }: LoweringContext,
  { op, batchNorms }: FusedOp,
  channels: number,
): { readonly kernel: Float32Array; readonly scale: Float64Array | undefined; readonly bias: Float32Array } {
  const weights = drawWeights(graph, op, shapes);
  const affines = batchNorms.map((batchNorm) => batchNormAffine(batchNorm, drawWeights(graph, batchNorm, shapes)));
  // A convolution without bias gets one of zeros, as TensorFlow's converter writes it; delegates insist on it.
  const { scale, bias } = foldBatchNorms(channels, weights.bias?.data, affines);
  return { kernel: weights.kernel!.data, scale, bias };
}

/** The input of a convolution, padded with zeros where the operator's own schemes do not say it. */
function paddedInput(
  context: LoweringContext,
  op: Conv2dOp | DepthwiseConv2dOp,
): { readonly x: TensorIndex; readonly scheme: 'SAME' | 'VALID' } {
  const shape = shapeOf(context, op.inputs[0]!);
  const { scheme, pixels } = lowerPadding(op.padding, [shape[1]!, shape[2]!], op.kernelSize, op.strides);
  const x = tensorOf(context, op.inputs[0]!);
  return { x: pixels === undefined ? x : padWithZeros(context, x, shape, pixels, op.outputs[0]!), scheme };
}

/** Put zeros round `[n, h, w, c]`. */
export function padWithZeros(
  { model }: LoweringContext,
  x: TensorIndex,
  shape: readonly number[],
  pixels: Padding2d,
  name: string,
): TensorIndex {
  const padded = model.value(`${name}/padded`, paddedShape(shape, pixels));
  model.operator('PAD', [x, model.integers([4, 2], paddings(pixels))], [padded], { type: 'PadOptions' });
  return padded;
}

/** `[n, h, w, c]` with the pixels added. */
export function paddedShape([n, h, w, c]: readonly number[], { top, bottom, left, right }: Padding2d): readonly number[] {
  return [n!, h! + top + bottom, w! + left + right, c!];
}

/** Before and after, per dimension. */
export function paddings({ top, bottom, left, right }: Padding2d): readonly number[] {
  return [0, 0, top, bottom, left, right, 0, 0];
}

/** Options that convolutions and pools share. */
export function windowOptions(
  { strides }: { readonly strides: Size2d },
  scheme: 'SAME' | 'VALID',
): { readonly padding: number; readonly strideW: number; readonly strideH: number } {
  return { padding: PaddingScheme[scheme], strideW: strides[1], strideH: strides[0] };
}
