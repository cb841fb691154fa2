import type { ActivationFunction } from '@nnm/core';
import type { FeatureMap, NetworkBuilder } from './network-builder.ts';

/** One inverted residual: expansion, depthwise convolution, optional squeeze and excitation, projection. */
export interface InvertedResidual {
  readonly filters: number;
  readonly kernelSize: number;
  readonly strides: number;
  /** Distance of the depthwise window's pixels; default 1. */
  readonly dilation?: number;
  /** Channels after the expansion; equal to the input's, there is none. */
  readonly expanded: number;
  readonly activation: ActivationFunction;
  /** Default: none. */
  readonly squeezeExcite?: {
    readonly squeezed: number;
    readonly activation: ActivationFunction;
    readonly gate: ActivationFunction;
  };
}

/** Append an inverted residual, with a shortcut where it keeps the shape. */
export function invertedResidual(b: NetworkBuilder, x: FeatureMap, block: InvertedResidual): FeatureMap {
  const { filters, kernelSize, strides, dilation = 1, expanded, activation, squeezeExcite } = block;
  const wide = expanded === x.channels ? x : b.conv(x, expanded, { kernelSize: 1, activation });
  let inner = b.depthwise(wide, { kernelSize, strides, dilation, activation });
  if (squeezeExcite !== undefined) inner = b.squeezeExcite(inner, squeezeExcite.squeezed, squeezeExcite.activation, squeezeExcite.gate);
  const projected = b.conv(inner, filters, { kernelSize: 1 });
  return strides === 1 && x.channels === filters ? b.add(projected, x) : projected;
}

/**
 * The multiple of 8 nearest to a scaled channel count, but never less than 90 % of it: the rule that the MobileNet,
 * MnasNet and EfficientNet families share.
 */
export function roundChannels(channels: number): number {
  const rounded = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return rounded < 0.9 * channels ? rounded + 8 : rounded;
}
