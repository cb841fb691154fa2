import { BaseFeatureParser, ConfigFeatureParser, type Feature, floatBytes, type Work } from '@nnm/core';
import { blockedFeatures, blockedPaths } from './blocked.ts';
import { CONV_KEYS, type ConvConfig } from './config.ts';
import { type ConvLayer, fromSide, type LayerFeatures, outputPixels, squareLayer, toSide, windowPixels } from './layer.ts';
import { tileWaste } from './tiles.ts';
import { depthwiseWays, written, xnnpackWays } from './xnnpack.ts';

/**
 * What sets the speed of convolutions on real runtimes, beyond their work; the same for every kernel of both families.
 *
 * Runtimes compute output channels in tiles, and ONNX Runtime takes its blocked paths only for multiples of 4, 8 or 16 input
 * channels. Chosen among about twenty sets by cross-validation on measured kernels; the README has the figures and their limits.
 */
const tiles: LayerFeatures = {
  OUT_PIXELS: outputPixels,
  INTENSITY: (_, work) => work.flops / work.bytes,
  COUT_WASTE_8: ({ cout }) => tileWaste(cout, 8),
  COUT_WASTE_16: ({ cout }) => tileWaste(cout, 16),
  ...Object.fromEntries([4, 8, 16].map((divisor) => [`CIN_MOD_${divisor}`, ({ cin }: ConvLayer) => cin % divisor])),
};

/** Elements summed per output, and bytes of all patches: what an im2col or indirect convolution reads. */
const sums: LayerFeatures = {
  REDUCTION: (layer) => windowPixels(layer) * layer.cin,
  IM2COL_BYTES: (layer) => floatBytes(outputPixels(layer) * windowPixels(layer) * layer.cin),
};

/** What is not square or lies apart. */
const shape: LayerFeatures = {
  ASPECT: ({ h, w }) => toSide(h, w)[1],
  WINDOW_ASPECT: ({ kernelH, kernelW }) => toSide(kernelH, kernelW)[1],
  STRIDE_ASPECT: ({ strideH, strideW }) => toSide(strideH, strideW)[1],
  DILATION: ({ dilationH, dilationW }) => toSide(dilationH, dilationW)[0],
  DILATION_ASPECT: ({ dilationH, dilationW }) => toSide(dilationH, dilationW)[1],
};

/** What a runtime does that keeps channels in blocks, and multiplies matrices of patches where it cannot. */
const paths = (groupsOf: (layer: ConvLayer) => number): LayerFeatures =>
  Object.fromEntries(
    Object.entries(blockedFeatures).map(([name, feature]) => [name, (layer: ConvLayer) => feature({ layer, groups: groupsOf(layer) })]),
  );
const convPaths = paths(() => 1);
const dwconvPaths = paths(({ cin }) => cin);

/** Features of a family, and those of them that describe a way of computing, by the way. */
export interface FamilyFeatures {
  readonly features: LayerFeatures;
  readonly ways: readonly (readonly string[])[];
}

const familyOf = (features: LayerFeatures, ways: readonly LayerFeatures[]): FamilyFeatures => ({
  features: Object.assign({}, features, ...ways, shape),
  ways: [...blockedPaths, ...ways.map((way) => Object.keys(way))],
});
/** Features of the `conv` family. */
export const convFeatures = familyOf({ ...tiles, ...sums, ...convPaths }, xnnpackWays);
/** Features of the `dwconv` family. */
export const dwconvFeatures = familyOf({ ...tiles, ...written, ...dwconvPaths }, depthwiseWays);

/** The features as functions of a square configuration; those of its shape are 1 for all of them. */
const ofSquare = ({ features, ways }: FamilyFeatures) => ({
  extra: Object.fromEntries(
    Object.entries(features)
      .filter(([name]) => !(name in shape))
      .map(([name, feature]): [string, Feature<ConvConfig>] => [name, (config, work) => feature(squareLayer(config), work)]),
  ),
  paths: ways,
  fixed: Object.fromEntries(Object.keys(shape).map((name) => [name, 1])),
});

/** Features of a convolution kernel: its configuration, its work, the length of its sums, the patches it gathers, what tiles waste. */
export class ConvFeatureParser extends ConfigFeatureParser<ConvConfig> {
  /**
   * @param kernelType - the kernel's id
   * @param work - the kernel's work at batch 1
   */
  constructor(kernelType: string, work: (config: ConvConfig) => Work) {
    super({ kernelType, keys: CONV_KEYS, work, ...ofSquare(convFeatures) });
  }
}

/** Features of a depthwise kernel: its configuration, its work and what tiles waste. */
export class DwconvFeatureParser extends ConfigFeatureParser<ConvConfig> {
  /**
   * @param kernelType - the kernel's id
   * @param work - the kernel's work at batch 1
   */
  constructor(kernelType: string, work: (config: ConvConfig) => Work) {
    super({ kernelType, keys: CONV_KEYS, work, ...ofSquare(dwconvFeatures) });
  }
}

/** What a {@link LayerFeatureParser} is made of. */
export interface LayerFeatureOptions<C extends Readonly<Record<string, number>>> {
  readonly kernelType: string;
  readonly keys: readonly (keyof C & string)[];
  readonly work: (config: C) => Work;
  readonly layerOf: (config: C) => ConvLayer;
  readonly configOf: (layer: ConvLayer) => C;
  /** Features beyond the sides and the work. */
  readonly family: FamilyFeatures;
}

/**
 * Features of a kernel with height and width apart, under the names that the family's square kernels have: `HW`, `KERNEL_SIZE` and
 * `STRIDES` are the sides of squares of the same area, `ASPECT` and its like say what they lose.
 */
export class LayerFeatureParser<C extends Readonly<Record<string, number>>> extends BaseFeatureParser<C> {
  override readonly neededConfig: readonly (keyof C & string)[];
  override readonly featureNames: readonly string[];
  override readonly pathFeatures: readonly (readonly string[])[];

  /** @param options - keys, work, and the layer that a configuration stands for */
  constructor(private readonly options: LayerFeatureOptions<C>) {
    super(options.kernelType);
    this.neededConfig = options.keys;
    this.featureNames = [...CONV_KEYS, 'FLOPS', 'PARAMS', 'BYTES', ...Object.keys(options.family.features)];
    this.pathFeatures = options.family.ways;
  }

  override getFeatureByConfig(config: C): readonly number[] {
    const { work: workOf, layerOf, family } = this.options;
    const [layer, work] = [layerOf(config), workOf(config)];
    const { h, w, cin, cout, kernelH, kernelW, strideH, strideW } = layer;
    const sides = [toSide(h, w)[0], cin, cout, toSide(kernelH, kernelW)[0], toSide(strideH, strideW)[0]];
    return [...sides, work.flops, work.params, work.bytes, ...Object.values(family.features).map((feature) => feature(layer, work))];
  }

  override getConfigByFeature(feature: readonly number[]): C {
    const at = (name: string): number => feature[this.featureNames.indexOf(name)] as number;
    const [h, w] = fromSide(at('HW'), at('ASPECT'));
    const [kernelH, kernelW] = fromSide(at('KERNEL_SIZE'), at('WINDOW_ASPECT'));
    const [strideH, strideW] = fromSide(at('STRIDES'), at('STRIDE_ASPECT'));
    const [dilationH, dilationW] = fromSide(at('DILATION'), at('DILATION_ASPECT'));
    const { configOf } = this.options;
    return configOf({ h, w, cin: at('CIN'), cout: at('COUT'), kernelH, kernelW, strideH, strideW, dilationH, dilationW });
  }
}
