import { dilatedSize, type Op, type OpWeights, resolvePadding, type ValueId, type Window } from '@nnm/core';
import { imageOf, type LoweringContext } from './context.ts';
import type { Attributes, OnnxWriter } from './onnx-writer.ts';

/** Attributes of a window, its padding explicit and PyTorch's. */
export function windowAttributes(op: Op & Window, context: LoweringContext): Attributes {
  const [, h, w] = imageOf(context, op);
  const { top, left, bottom, right } = resolvePadding(op.padding, 'torch', [h, w], dilatedSize(op.kernelSize, op.dilation), op.strides);
  return { kernel_shape: op.kernelSize, strides: op.strides, pads: [top, left, bottom, right] };
}

/** The bias of a layer as an input, if it has one. */
export function biasInput(
  { outputs }: { readonly outputs: readonly ValueId[] },
  weights: OpWeights,
  writer: OnnxWriter,
): readonly string[] {
  return weights.bias === undefined ? [] : [writer.floats(`${outputs[0]}.bias`, weights.bias.shape, weights.bias.data)];
}
