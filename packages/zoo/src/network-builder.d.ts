import { type ActivationFunction, type Graph, type ValueId } from '@nnm/core';
/** A square image in a network: `[n, size, size, channels]`. */
export interface FeatureMap {
  readonly id: ValueId;
  readonly size: number;
  readonly channels: number;
}
/** A vector in a network: `[n, channels]`. */
export interface Vector {
  readonly id: ValueId;
  readonly channels: number;
}
/** How the reference implementation of a network pads and normalises. */
export interface Conventions {
  /** `symmetric`: PyTorch modules with `padding = floor(kernel / 2)`; `tensorflow`: `SAME`, the odd pixel after. */
  readonly padding: 'symmetric' | 'tensorflow';
  /** Added to the variance by batch normalisation. */
  readonly epsilon: number;
}
/** PyTorch's defaults, those of most torchvision networks. */
export declare const TORCHVISION: Conventions;
/** A window over an image. `padding` in pixels on every side replaces the conventions' rule. */
export interface WindowOptions {
  readonly kernelSize: number;
  /** Default 1. */
  readonly strides?: number;
  readonly padding?: number;
}
/** What follows a convolution. */
export interface ConvLayerOptions extends WindowOptions {
  /** Default none. */
  readonly activation?: ActivationFunction | undefined;
  /** Default true; without it the convolution has a bias. */
  readonly batchNorm?: boolean;
}
/**
 * Writes a network layer by layer with sizes and channels kept beside the values, all padding as explicit pixels, so that
 * every framework computes the same function.
 */
export declare class NetworkBuilder {
  private readonly conventions;
  private readonly g;
  /** @param conventions - of the reference implementation */
  constructor(name: string, conventions?: Conventions);
  /** A square RGB image. */
  input(batchSize: number, size: number): FeatureMap;
  /** Convolution, batch normalisation unless switched off, activation if there is one. */
  conv(x: FeatureMap, filters: number, options: ConvLayerOptions): FeatureMap;
  /** Convolution alone, without bias: of networks that normalise before they convolve. */
  plainConv(x: FeatureMap, filters: number, options: WindowOptions): FeatureMap;
  /** Depthwise convolution, batch normalisation unless switched off, activation if there is one. */
  depthwise(x: FeatureMap, options: ConvLayerOptions): FeatureMap;
  /** @param ceilMode - PyTorch's: a last window that hangs over the border counts; written as pixels after */
  maxPool(
    x: FeatureMap,
    options: WindowOptions & {
      readonly ceilMode?: boolean;
    },
  ): FeatureMap;
  avgPool(x: FeatureMap, options: WindowOptions): FeatureMap;
  /**
   * PyTorch's `AdaptiveAvgPool2d` where it is an ordinary pooling.
   *
   * @throws InvalidArgumentError when the image is not a whole multiple of `size`
   */
  adaptiveAvgPool(x: FeatureMap, size: number): FeatureMap;
  batchNormRelu(x: FeatureMap): FeatureMap;
  activation<T extends FeatureMap | Vector>(x: T, fn: ActivationFunction): T;
  /** Squeeze and excitation: global average, 1x1 convolutions with bias to `squeezed` channels and back, scaling of the input. */
  squeezeExcite(x: FeatureMap, squeezed: number, activation: ActivationFunction, gate: ActivationFunction): FeatureMap;
  add(a: FeatureMap, b: FeatureMap): FeatureMap;
  concat(maps: readonly [FeatureMap, ...FeatureMap[]]): FeatureMap;
  /** Two halves of the channels. */
  halves(x: FeatureMap): readonly [FeatureMap, FeatureMap];
  shuffle(x: FeatureMap): FeatureMap;
  globalPool(x: FeatureMap): Vector;
  flatten(x: FeatureMap): Vector;
  dense(x: Vector, units: number, activation?: ActivationFunction): Vector;
  build(output: Vector): Graph;
  private finish;
  private pad;
}
//# sourceMappingURL=network-builder.d.ts.map
