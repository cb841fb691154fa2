import type { Conv2dOp, DepthwiseConv2dOp } from '@nnm/core';
import { type Conv2DOptions, FusedActivation, PaddingScheme } from '../flatbuffer/schema.ts';
import { type LoweringContext, shapeOf, tensorOf } from './context.ts';
import type { FusedOp } from './fuse.ts';
import { type LayerWeights, layerWeights } from './layer-weights.ts';
import type { TensorIndex } from './model-builder.ts';
import { padInput } from './pad.ts';
import { lowerPadding } from './padding.ts';
import { scaleChannels, weightsByFilter } from './weight-layout.ts';

/**
 * `CONV_2D`, weights `[filters, kh, kw, cin]`.
 *
 * A group per input channel is a depthwise convolution. Other groups are written as `SPLIT`, a convolution each and
 * `CONCATENATION`: the format has grouped weights, but runtimes before 2.10 and delegates refuse them.
 */
export function lowerConv2d(context: LoweringContext, fused: FusedOp, op: Conv2dOp): void {
  const { model } = context;
  const shape = shapeOf(context, op.inputs[0]!);
  const groupInputs = shape[3]! / op.groups;
  const weights = layerWeights(context, fused, op.filters);
  if (op.groups > 1 && groupInputs === 1) {
    writeDepthwise(context, fused, op, weights);
    return;
  }

  const name = op.outputs[0]!;
  const { x, options } = windowed(context, fused, op);
  const result = tensorOf(context, fused.outputs[0]!);
  const groupFilters = op.filters / op.groups;
  const kernelShape = [groupFilters, ...op.kernelSize, groupInputs];
  const writeGroup = (group: number, input: TensorIndex, output: TensorIndex, suffix: string): void => {
    const kernel = weightsByFilter(weights.kernel, weights.scale, { index: group, count: op.groups });
    const groupKernel = model.weights(`${name}/kernel${suffix}`, kernelShape, kernel);
    const groupBias = weights.bias.subarray(group * groupFilters, (group + 1) * groupFilters);
    const bias = model.weights(`${name}/bias${suffix}`, [groupFilters], groupBias);
    model.operator('CONV_2D', [input, groupKernel, bias], [output], { type: 'Conv2DOptions', ...options });
  };
  if (op.groups === 1) {
    writeGroup(0, x.tensor, result, '');
    return;
  }

  const groups = Array.from({ length: op.groups }, (_, group) => group);
  const parts = groups.map((group) => model.value(`${name}/input/${group}`, [...x.shape.slice(0, 3), groupInputs]));
  model.operator('SPLIT', [model.integers([], [3]), x.tensor], parts, { type: 'SplitOptions', numSplits: op.groups });
  const results = groups.map((group) => {
    const output = model.value(`${name}/output/${group}`, [...shapeOf(context, name).slice(0, 3), groupFilters]);
    writeGroup(group, parts[group]!, output, `/${group}`);
    return output;
  });
  const concatOptions = { type: 'ConcatenationOptions', axis: 3, fusedActivation: FusedActivation.none } as const;
  model.operator('CONCATENATION', results, [result], concatOptions);
}

/** `DEPTHWISE_CONV_2D`, weights `[1, kh, kw, c]`. */
export function lowerDepthwiseConv2d(context: LoweringContext, fused: FusedOp, op: DepthwiseConv2dOp): void {
  writeDepthwise(context, fused, op, layerWeights(context, fused, shapeOf(context, op.outputs[0]!)[3]!));
}

function writeDepthwise(context: LoweringContext, fused: FusedOp, op: Conv2dOp | DepthwiseConv2dOp, weights: LayerWeights): void {
  const { model } = context;
  const name = op.outputs[0]!;
  const channels = weights.bias.length;
  const { x, options } = windowed(context, fused, op);
  const kernel = model.weights(`${name}/kernel`, [1, ...op.kernelSize, channels], scaleChannels(weights.kernel.data, weights.scale));
  const bias = model.weights(`${name}/bias`, [channels], weights.bias);
  const depthMultiplier = channels / x.shape[3]!;
  model.operator('DEPTHWISE_CONV_2D', [x.tensor, kernel, bias], [tensorOf(context, fused.outputs[0]!)], {
    type: 'DepthwiseConv2DOptions',
    ...options,
    depthMultiplier,
  });
}

/** The input, with zeros round it where the operator's own schemes do not say it, and the options all convolutions have. */
function windowed(
  context: LoweringContext,
  { activation }: FusedOp,
  op: Conv2dOp | DepthwiseConv2dOp,
): { readonly x: { readonly tensor: TensorIndex; readonly shape: readonly number[] }; readonly options: Conv2DOptions } {
  const shape = shapeOf(context, op.inputs[0]!);
  const input = tensorOf(context, op.inputs[0]!);
  const { scheme, pixels } = lowerPadding(op.padding, [shape[1]!, shape[2]!], op.kernelSize, op.strides);
  const options = {
    padding: PaddingScheme[scheme],
    strideW: op.strides[1],
    strideH: op.strides[0],
    fusedActivation: FusedActivation[activation],
    dilationW: 1,
    dilationH: 1,
  };
  if (pixels === undefined) return { x: { tensor: input, shape }, options };
  const padded = [shape[0]!, shape[1]! + pixels.top + pixels.bottom, shape[2]! + pixels.left + pixels.right, shape[3]!];
  return { x: { tensor: padInput(context, input, shape, pixels, op.outputs[0]!), shape: padded }, options };
}
