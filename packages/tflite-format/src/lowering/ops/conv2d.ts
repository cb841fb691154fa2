import type { Conv2dOp } from '@nnm/core';
import { FusedActivation } from '../../flatbuffer/schema.ts';
import { type LoweringContext, shapeOf, tensorOf } from '../context.ts';
import { convWindow, writeDepthwise } from '../conv-window.ts';
import type { FusedOp } from '../fused-op.ts';
import { layerWeights } from '../layer-weights.ts';
import type { Lowering } from '../lowering.ts';
import type { TensorIndex } from '../model-builder.ts';
import { weightsByFilter } from '../weight-layout.ts';

/**
 * `CONV_2D`, weights `[filters, kh, kw, cin]`.
 *
 * A group per input channel is a depthwise convolution. Other groups are written as `SPLIT`, a convolution each and
 * `CONCATENATION`: the format has grouped weights, but runtimes before 2.10 and delegates refuse them.
 */
function lower(context: LoweringContext, op: Conv2dOp, fused: FusedOp): void {
  const { model } = context;
  const shape = shapeOf(context, op.inputs[0]!);
  const groupInputs = shape[3]! / op.groups;
  const weights = layerWeights(context, fused, op.filters);
  if (op.groups > 1 && groupInputs === 1) {
    writeDepthwise(context, op, fused, weights);
    return;
  }

  const name = op.outputs[0]!;
  const { x, options } = convWindow(context, op, fused);
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

export const conv2d: Lowering<'conv2d'> = {
  op: 'conv2d',
  support: { runs: 'delegated', note: 'CONV_2D; groups are composed: SPLIT* and CONCATENATION* round a CONV_2D each' },
  foldsBatchNorm: true,
  fusesActivation: true,
  lower,
};
