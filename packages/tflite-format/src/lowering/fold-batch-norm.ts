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

/**
 * Weights' scale and new bias of a convolution or dense layer that swallows the batch normalisations after it.
 *
 * @param bias - `[channels]`, absent for none
 * @returns `scale`: factor per output channel for the kernel, absent when there is nothing to fold; `bias`: `[channels]`
 */
export function foldBatchNorms(
  channels: number,
  bias: Float32Array | undefined,
  affines: readonly ChannelAffine[],
): { readonly scale?: Float64Array; readonly bias: Float32Array } {
  if (affines.length === 0) return { bias: bias ?? new Float32Array(channels) };
  const scale = new Float64Array(channels).fill(1);
  const shift = Float64Array.from({ length: channels }, (_, channel) => bias?.[channel] ?? 0);
  for (const affine of affines) {
    for (let channel = 0; channel < channels; channel++) {
      scale[channel]! *= affine.scale[channel]!;
      shift[channel] = shift[channel]! * affine.scale[channel]! + affine.shift[channel]!;
    }
  }
  return { scale, bias: Float32Array.from(shift) };
}
