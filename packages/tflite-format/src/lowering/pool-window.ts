import type { AvgPoolOp, MaxPoolOp } from '@nnm/core';
import { FusedActivation, type OperatorOptions, PaddingScheme } from '../flatbuffer/schema.ts';
import { type LoweringContext, shapeOf } from './context.ts';
import type { FusedOp } from './fused-op.ts';
import { type LoweredPadding, lowerPadding } from './padding.ts';

type PoolOptions = Extract<OperatorOptions, { type: 'Pool2DOptions' }>;

/** The options of a pooling, and the pixels that its schemes cannot say. */
export function poolWindow(
  context: LoweringContext,
  op: MaxPoolOp | AvgPoolOp,
  { activation }: FusedOp,
): { readonly options: PoolOptions; readonly pixels: LoweredPadding['pixels'] } {
  const shape = shapeOf(context, op.inputs[0]!);
  const { scheme, pixels } = lowerPadding(op.padding, [shape[1]!, shape[2]!], op.kernelSize, op.strides);
  const options = {
    type: 'Pool2DOptions',
    padding: PaddingScheme[scheme],
    strideW: op.strides[1],
    strideH: op.strides[0],
    filterWidth: op.kernelSize[1],
    filterHeight: op.kernelSize[0],
    fusedActivation: FusedActivation[activation],
  } as const;
  return { options, pixels };
}
