import { type DrawnTensor, drawWeights } from '@nnm/core';
import type { LoweringContext } from './context.ts';
import { batchNormAffine, foldBatchNorms } from './fold-batch-norm.ts';
import type { FusedOp } from './fused-op.ts';

/** Constants of a convolution or dense layer after the batch normalisations behind it were folded in. */
export interface LayerWeights {
  /** As the graph draws it, not yet scaled. */
  readonly kernel: DrawnTensor;
  /** Factor per output channel still to be applied to the kernel; absent for 1. */
  readonly scale: Float64Array | undefined;
  /** `[channels]`; zeros for a layer without bias, as TensorFlow's converter writes it: delegates insist on one. */
  readonly bias: Float32Array;
}

/** @param channels - of the layer's output */
export function layerWeights({ graph, shapes }: LoweringContext, { op, batchNorms }: FusedOp, channels: number): LayerWeights {
  const weights = drawWeights(graph, op, shapes);
  const affines = batchNorms.map((batchNorm) => batchNormAffine(batchNorm, drawWeights(graph, batchNorm, shapes)));
  const { scale, bias } = foldBatchNorms(channels, weights.bias?.data, affines);
  return { kernel: weights.kernel!, scale, bias };
}
