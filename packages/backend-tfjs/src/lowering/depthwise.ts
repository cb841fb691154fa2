import type { Conv2dOp, DepthwiseConv2dOp } from '@nnm/core';
import { fusedParts } from './fused-layer.ts';
import { layerWeights } from './layer-weights.ts';
import type { OpWriter } from './op-writer.ts';
import { convWindow } from './window.ts';

/** A depthwise convolution, weights `[kh, kw, c, multiplier]`. */
export function writeDepthwise(writer: OpWriter, op: Conv2dOp | DepthwiseConv2dOp): void {
  const channels = writer.shape()[3]!;
  const { x, attrs } = convWindow(writer, op);
  const { kernel, bias } = layerWeights(writer);
  const weights = writer.weights('kernel', [...op.kernelSize, channels, writer.outputShape[3]! / channels], kernel());
  const fused = fusedParts(writer, bias);
  const node = fused === undefined ? 'DepthwiseConv2dNative' : 'FusedDepthwiseConv2dNative';
  writer.last(node, [x, weights, ...(fused?.operands ?? [])], { ...attrs, ...fused?.attrs });
}
