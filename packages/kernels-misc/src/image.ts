import {
  BaseBlock,
  ConfigFeatureParser,
  type ConfigSpace,
  type Feature,
  HW_VALUES,
  type Loops,
  loopFeatures,
  MAX_SIDE,
  remainderFeatures,
  type Shape,
  type Work,
} from '@nnm/core';

/** Configuration of the kernels that keep a square image's shape: `[HW, HW, CIN]`. */
export type ImageConfig = {
  readonly HW: number;
  readonly CIN: number;
};

const IMAGE_KEYS: readonly (keyof ImageConfig)[] = ['HW', 'CIN'];

/** What the kernels of an {@link ImageConfig} accept. */
export const imageSpace: ConfigSpace<ImageConfig> = {
  HW: { min: 1, max: MAX_SIDE, values: HW_VALUES, description: 'height and width of the input, pixels' },
  CIN: { min: 1, max: 4096, description: 'channels' },
};

/** How configurations within it grow with the network's input. */
export const imageGrowth = { HW: 2 };

/** {@link imageSpace} with an even number of channels, for kernels that work on halves. */
export const evenImageSpace: ConfigSpace<ImageConfig> = {
  ...imageSpace,
  CIN: { min: 2, max: 4096, multipleOf: 2, description: 'channels, even' },
};

/** A block with one square image as input. */
export abstract class ImageBlock<C extends ImageConfig = ImageConfig> extends BaseBlock<C> {
  /** `[HW, HW, CIN]` */
  override get inputShape(): Shape {
    return [this.config.HW, this.config.HW, this.config.CIN];
  }
}

/** Elements of the input image. */
export function imageElements(config: ImageConfig): number {
  return imagePixels(config) * config.CIN;
}

/** Pixels of an image. */
export function imagePixels({ HW }: { readonly HW: number }): number {
  return HW * HW;
}

/** The loops of what meets one value per channel: one for every row of channels; a single channel is one number for all. */
export function channelLoops(config: ImageConfig): Loops {
  const pixels = imagePixels(config);
  return config.CIN === 1 ? { rows: 1, elements: pixels } : { rows: pixels, elements: config.CIN };
}

/** What {@link imageFeatures} may be told. */
export interface ImageFeatureOptions {
  /** Default: `HW` and `CIN`. */
  readonly keys?: readonly (keyof ImageConfig)[];
  /** The loops that XNNPACK runs, of which `OUT_PIXELS` counts the rows; default: nothing is known of them, and pixels count. */
  readonly loopsOf?: (config: ImageConfig) => Loops;
  /** Features of another way of computing, by name; default: none. */
  readonly otherWay?: Readonly<Record<string, Feature<ImageConfig>>>;
}

/** Features of a kernel with one image: its configuration, its work, its pixels, and what whole vectors leave of the channels. */
export function imageFeatures(
  kernelType: string,
  work: (config: ImageConfig) => Work,
  { keys = IMAGE_KEYS, loopsOf, otherWay }: ImageFeatureOptions = {},
): ConfigFeatureParser<ImageConfig> {
  const ways = [...(loopsOf === undefined ? [] : loopFeatures(loopsOf)), ...(otherWay === undefined ? [] : [otherWay])];
  return new ConfigFeatureParser({
    kernelType,
    keys,
    work,
    paths: ways.map((way) => Object.keys(way)),
    extra: {
      OUT_PIXELS: (config) => loopsOf?.(config).rows ?? imagePixels(config),
      ...remainderFeatures<ImageConfig>('CIN'),
      ...Object.assign({}, ...ways),
    },
  });
}
