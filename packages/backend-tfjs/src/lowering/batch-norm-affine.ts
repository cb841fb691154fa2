import type { BatchNormOp, OpWeights } from '@nnm/core';

/** `scale * x + shift` per channel, in double precision. */
export interface ChannelAffine {
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

/** What a batch normalisation does to a channel, as one multiplication and one addition. */
export function batchNormAffine(op: BatchNormOp, weights: OpWeights): ChannelAffine {
  const { gamma, beta, mean, variance } = weights as Record<'gamma' | 'beta' | 'mean' | 'variance', OpWeights[string]>;
  const scale = Float64Array.from(gamma.data, (value, channel) => value / Math.sqrt(variance.data[channel]! + op.epsilon));
  const shift = Float64Array.from(beta.data, (value, channel) => value - mean.data[channel]! * scale[channel]!);
  return { scale, shift };
}
