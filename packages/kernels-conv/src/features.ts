import { BaseFeatureParser, ConfigFeatureParser, type Feature, floatBytes, splitVectors, type Work } from '@nnm/core';
import { blockedFeatures, blockedPaths } from './blocked.ts';
import { CONV_KEYS, type ConvConfig } from './config.ts';
import { type ConvLayer, fromSide, outputPixels, squareLayer, toSide, windowPixels } from './layer.ts';
import { tiledProducts, tileWaste } from './tiles.ts';

/** A feature that is computed from the layer, and so means the same for every kernel of a family. */
type LayerFeature = (layer: ConvLayer, work: Work) => number;
type LayerFeatures = Readonly<Record<string, LayerFeature>>;

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

/**
 * What XNNPACK computes with vectors of 8 floats, in narrow tiles for few output channels; with vectors of 16 all tiles are wide. Every pixel of the window is a loop
 * over its channels for each tile.
 */
const taps: LayerFeature = (layer) => outputPixels(layer) * windowPixels(layer) * Math.ceil(layer.cout / 16);
const xnnpack: LayerFeatures = {
  XNN_FLOPS: (layer) => 2 * outputPixels(layer) * windowPixels(layer) * tiledProducts(layer.cin, layer.cout),
  XNN_TAPS: taps,
};
const xnnpackWide: LayerFeatures = {
  XNN_FLOPS_16: (layer) => 2 * outputPixels(layer) * windowPixels(layer) * layer.cin * layer.cout * tileWaste(layer.cout, 16),
  XNN_TAPS: taps,
};

/** What is not square or lies apart. */
const shape: LayerFeatures = {
  ASPECT: ({ h, w }) => toSide(h, w)[1],
  WINDOW_ASPECT: ({ kernelH, kernelW }) => toSide(kernelH, kernelW)[1],
  STRIDE_ASPECT: ({ strideH, strideW }) => toSide(strideH, strideW)[1],
  DILATION: ({ dilationH, dilationW }) => toSide(dilationH, dilationW)[0],
  DILATION_ASPECT: ({ dilationH, dilationW }) => toSide(dilationH, dilationW)[1],
};

/** Windows, in pixels, that XNNPACK has depthwise kernels for; others, and more than one output channel per input channel, are grouped. A pixel of its own is a product and a sum. */
const WRITTEN_WINDOWS: readonly number[] = [4, 9, 25];
function isWritten(layer: ConvLayer): boolean {
  const { cin, cout, strideH, strideW } = layer;
  const pixels = windowPixels(layer);
  return cin === cout && (WRITTEN_WINDOWS.includes(pixels) || (pixels === 1 && strideH * strideW === 1));
}
const written: LayerFeatures = { WRITTEN: (layer) => Number(isWritten(layer)) };

/**
 * What XNNPACK does for depthwise convolutions with vectors of so many floats: whole vectors of channels, or a tile of each group's. A vector that
 * begins within a line of the cache ends in the next one, which is read too, where the channels of a pixel are no whole number of lines.
 */
const depthwise = (vector: number, suffix: string, groupTile: (filters: number) => number): LayerFeatures => ({
  [`XNN_FLOPS${suffix}`]: (layer) => {
    const computed = isWritten(layer) ? layer.cout * tileWaste(layer.cout, vector) : layer.cin * groupTile(layer.cout / layer.cin);
    return 2 * outputPixels(layer) * windowPixels(layer) * computed;
  },
  [`SPLIT_LOADS${suffix}`]: (layer) => (isWritten(layer) ? windowPixels(layer) * splitVectors(outputPixels(layer), layer.cin, vector) : 0),
});
const depthwiseNarrow = depthwise(8, '', (filters) => tiledProducts(1, filters));
const depthwiseWide = depthwise(16, '_16', (filters) => filters * tileWaste(filters, 16));

/** Kilobytes of first-level caches. */
const FIRST_LEVEL_KB = [32, 48, 64] as const;
/** By how much more than the cache a window has to be for all of it to be read anew. */
const ALL_ANEW = 1.3;

/**
 * Bytes that a depthwise convolution reads anew for every pixel: it goes through the window, its weights and the result channel by channel, so that where they
 * do not fit into the cache nothing is left of the last pixel's.
 */
const streamed = (kilobytes: number): LayerFeatures => ({
  [`STREAMED_BYTES_${kilobytes}`]: (layer) => {
    if (!isWritten(layer)) return 0;
    const bytes = floatBytes((2 * windowPixels(layer) + 2) * layer.cin);
    const beyond = (bytes / (1024 * kilobytes) - 1) / (ALL_ANEW - 1);
    return outputPixels(layer) * bytes * Math.min(1, Math.max(0, beyond));
  },
});
const depthwiseWays = FIRST_LEVEL_KB.flatMap((kilobytes) =>
  [depthwiseNarrow, depthwiseWide].map((way) => ({ ...way, ...streamed(kilobytes) })),
);
const depthwiseFeatures: LayerFeatures = Object.assign({}, ...depthwiseWays);

/** What a runtime does that keeps channels in blocks, and multiplies matrices of patches where it cannot. */
const paths = (groupsOf: (layer: ConvLayer) => number): LayerFeatures =>
  Object.fromEntries(
    Object.entries(blockedFeatures).map(([name, feature]) => [name, (layer: ConvLayer) => feature({ layer, groups: groupsOf(layer) })]),
  );
const convPaths = paths(() => 1);
const dwconvPaths = paths(({ cin }) => cin);

/** Ways of computing that features describe. */
const WAYS = [...blockedPaths, ...[...depthwiseWays, xnnpack, xnnpackWide].map((way) => Object.keys(way))];
const waysOf = (features: LayerFeatures): readonly (readonly string[])[] => {
  const ways = WAYS.filter((way) => way.every((name) => name in features));
  // A way that is part of another is that of the other family.
  return ways.filter((way) => !ways.some((other) => other.length > way.length && way.every((name) => other.includes(name))));
};

/** Features of the `conv` family. */
export const convFeatures: LayerFeatures = { ...tiles, ...sums, ...xnnpack, ...xnnpackWide, ...convPaths, ...shape };
/** Features of the `dwconv` family. */
export const dwconvFeatures: LayerFeatures = { ...tiles, ...written, ...depthwiseFeatures, ...dwconvPaths, ...shape };

/** The features as functions of a square configuration; those of its shape are 1 for all of them. */
const ofSquare = (features: LayerFeatures) => ({
  extra: Object.fromEntries(
    Object.entries(features).map(([name, feature]): [string, Feature<ConvConfig>] => [
      name,
      (config, work) => feature(squareLayer(config), work),
    ]),
  ),
  paths: waysOf(features),
  fixed: Object.fromEntries(Object.keys(shape).map((name) => [name, 1])),
});

/** Features of a convolution kernel: its configuration, its work, the length of its sums, the patches it gathers, what tiles waste. */
export class ConvFeatureParser extends ConfigFeatureParser<ConvConfig> {
  /**
   * @param kernelType - the kernel's id
   * @param work - the kernel's work at batch 1
   */
  constructor(kernelType: string, work: (config: ConvConfig) => Work) {
    super({ kernelType, keys: CONV_KEYS, work, ...ofSquare({ ...tiles, ...sums, ...xnnpack, ...xnnpackWide, ...convPaths }) });
  }
}

/** Features of a depthwise kernel: its configuration, its work and what tiles waste. */
export class DwconvFeatureParser extends ConfigFeatureParser<ConvConfig> {
  /**
   * @param kernelType - the kernel's id
   * @param work - the kernel's work at batch 1
   */
  constructor(kernelType: string, work: (config: ConvConfig) => Work) {
    super({ kernelType, keys: CONV_KEYS, work, ...ofSquare({ ...tiles, ...written, ...depthwiseFeatures, ...dwconvPaths }) });
  }
}

/** What a {@link LayerFeatureParser} is made of. */
export interface LayerFeatureOptions<C extends Readonly<Record<string, number>>> {
  readonly kernelType: string;
  readonly keys: readonly (keyof C & string)[];
  readonly work: (config: C) => Work;
  readonly layerOf: (config: C) => ConvLayer;
  readonly configOf: (layer: ConvLayer) => C;
  /** Features beyond the sides and the work, such as {@link convFeatures}. */
  readonly features: LayerFeatures;
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
    this.featureNames = [...CONV_KEYS, 'FLOPS', 'PARAMS', 'BYTES', ...Object.keys(options.features)];
    this.pathFeatures = waysOf(options.features);
  }

  override getFeatureByConfig(config: C): readonly number[] {
    const { work: workOf, layerOf, features } = this.options;
    const [layer, work] = [layerOf(config), workOf(config)];
    const { h, w, cin, cout, kernelH, kernelW, strideH, strideW } = layer;
    const sides = [toSide(h, w)[0], cin, cout, toSide(kernelH, kernelW)[0], toSide(strideH, strideW)[0]];
    return [...sides, work.flops, work.params, work.bytes, ...Object.values(features).map((feature) => feature(layer, work))];
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
