import type { Conv2dOp, DepthwiseConv2dOp } from '@nnm/core';
import { dilatedSize } from '@nnm/core';
import { type Conv2DOptions, FusedActivation, PaddingScheme } from '../flatbuffer/schema.ts';
import { type LoweringContext, shapeOf, tensorOf } from './context.ts';
import type { FusedOp } from './fused-op.ts';
import { type LayerWeights, layerWeights } from './layer-weights.ts';
import type { TensorIndex } from './model-builder.ts';
import { padInput } from './pad.ts';
import { lowerPadding } from './padding.ts';
import { scaleChannels } from './weight-layout.ts';

/** The input of a convolution, with zeros round it where the operator's own schemes do not say it. */
export interface ConvWindow {
  readonly x: { readonly tensor: TensorIndex; readonly shape: readonly number[] };
  /** The options all convolutions have. */
  readonly options: Conv2DOptions;
}

/** Prepare the input and the options of a convolution. */
export function convWindow(context: LoweringContext, op: Conv2dOp | DepthwiseConv2dOp, { activation }: FusedOp): ConvWindow {
  const shape = shapeOf(context, op.inputs[0]!);
  const input = tensorOf(context, op.inputs[0]!);
  const [dilationH, dilationW] = op.dilation ?? [1, 1];
  const { scheme, pixels } = lowerPadding(op.padding, [shape[1]!, shape[2]!], dilatedSize(op.kernelSize, op.dilation), op.strides);
  const options = {
    padding: PaddingScheme[scheme],
    strideW: op.strides[1],
    strideH: op.strides[0],
    fusedActivation: FusedActivation[activation],
    dilationW,
    dilationH,
  };
  if (pixels === undefined) return { x: { tensor: input, shape }, options };
  const padded = [shape[0]!, shape[1]! + pixels.top + pixels.bottom, shape[2]! + pixels.left + pixels.right, shape[3]!];
  return { x: { tensor: padInput(context, input, shape, pixels, op.outputs[0]!), shape: padded }, options };
}

/** `DEPTHWISE_CONV_2D`, weights `[1, kh, kw, c]`. */
export function writeDepthwise(
  context: LoweringContext,
  op: Conv2dOp | DepthwiseConv2dOp,
  fused: FusedOp,
  weights: LayerWeights = layerWeights(context, fused, shapeOf(context, op.outputs[0]!)[3]!),
): void {
  const { model } = context;
  const name = op.outputs[0]!;
  const channels = weights.bias.length;
  const { x, options } = convWindow(context, op, fused);
  const kernel = model.weights(`${name}/kernel`, [1, ...op.kernelSize, channels], scaleChannels(weights.kernel.data, weights.scale));
  const bias = model.weights(`${name}/bias`, [channels], weights.bias);
  model.operator('DEPTHWISE_CONV_2D', [x.tensor, kernel, bias], [tensorOf(context, fused.outputs[0]!)], {
    type: 'DepthwiseConv2DOptions',
    ...options,
    depthMultiplier: channels / x.shape[3]!,
  });
}
