import type { ActivationFunction } from '@nnm/core';
import type { FeatureMap, NetworkBuilder } from './network-builder.ts';
/** One inverted residual: expansion, depthwise convolution, optional squeeze and excitation, projection. */
export interface InvertedResidual {
  readonly filters: number;
  readonly kernelSize: number;
  readonly strides: number;
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
export declare function invertedResidual(b: NetworkBuilder, x: FeatureMap, block: InvertedResidual): FeatureMap;
/**
 * The multiple of 8 nearest to a scaled channel count, but never less than 90 % of it: the rule that the MobileNet,
 * MnasNet and EfficientNet families share.
 */
export declare function roundChannels(channels: number): number;
//# sourceMappingURL=inverted-residual.d.ts.map
