import type { ChannelShuffleOp, ConcatOp, FlattenOp, GlobalAvgPoolOp, Shape, SplitOp } from '@nnm/core';
import { FusedActivation } from '../flatbuffer/schema.ts';
import { type LoweringContext, shapeOf, tensorOf } from './context.ts';
import type { TensorIndex } from './model-builder.ts';

/** `MEAN` over height and width. */
export function lowerGlobalAvgPool(context: LoweringContext, op: GlobalAvgPoolOp): void {
  const inputs = [tensorOf(context, op.inputs[0]!), context.model.integers([2], [1, 2])];
  context.model.operator('MEAN', inputs, [tensorOf(context, op.outputs[0]!)], { type: 'ReducerOptions', keepDims: op.keepDims });
}

/** `RESHAPE`; the layout is already channels fastest. */
export function lowerFlatten(context: LoweringContext, op: FlattenOp): void {
  reshape(context, tensorOf(context, op.inputs[0]!), tensorOf(context, op.outputs[0]!), shapeOf(context, op.outputs[0]!));
}

/** `CONCATENATION` along the last dimension. */
export function lowerConcat(context: LoweringContext, op: ConcatOp): void {
  const axis = shapeOf(context, op.inputs[0]!).length - 1;
  const inputs = op.inputs.map((id) => tensorOf(context, id));
  const options = { type: 'ConcatenationOptions', axis, fusedActivation: FusedActivation.none } as const;
  context.model.operator('CONCATENATION', inputs, [tensorOf(context, op.outputs[0]!)], options);
}

/** `SPLIT` along the last dimension. */
export function lowerSplit(context: LoweringContext, op: SplitOp): void {
  const axis = shapeOf(context, op.inputs[0]!).length - 1;
  const outputs = op.outputs.map((id) => tensorOf(context, id));
  const inputs = [context.model.integers([], [axis]), tensorOf(context, op.inputs[0]!)];
  context.model.operator('SPLIT', inputs, outputs, { type: 'SplitOptions', numSplits: outputs.length });
}

/** `RESHAPE` to groups, `TRANSPOSE`, `RESHAPE` back. */
export function lowerChannelShuffle(context: LoweringContext, op: ChannelShuffleOp): void {
  const { model } = context;
  const name = op.outputs[0]!;
  const shape = shapeOf(context, name);
  const [n, h, w, c] = shape as readonly [number, number, number, number];
  const grouped = [n, h, w, op.groups, c / op.groups];
  const before = model.value(`${name}/grouped`, grouped);
  const after = model.value(`${name}/swapped`, [n, h, w, c / op.groups, op.groups]);
  reshape(context, tensorOf(context, op.inputs[0]!), before, grouped);
  model.operator('TRANSPOSE', [before, model.integers([5], [0, 1, 2, 4, 3])], [after], { type: 'TransposeOptions' });
  reshape(context, after, tensorOf(context, name), shape);
}

function reshape({ model }: LoweringContext, x: TensorIndex, result: TensorIndex, shape: Shape): void {
  model.operator('RESHAPE', [x, model.integers([shape.length], shape)], [result], { type: 'ReshapeOptions', newShape: shape });
}
