import { BaseBlock, ConfigFeatureParser, type ConfigSpace, HW_VALUES, remainderFeatures, type Shape, type Work } from '@nnm/core';

/** Configuration of the kernels that keep a square image's shape: `[HW, HW, CIN]`. */
export type ImageConfig = {
  readonly HW: number;
  readonly CIN: number;
};

const IMAGE_KEYS: readonly (keyof ImageConfig)[] = ['HW', 'CIN'];

/** What the kernels of an {@link ImageConfig} accept. */
export const imageSpace: ConfigSpace<ImageConfig> = {
  HW: { min: 1, max: 1024, values: HW_VALUES, description: 'height and width of the input, pixels' },
  CIN: { min: 1, max: 4096, description: 'channels' },
};

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

/** Rows of channels, each of which is a loop of its own where it meets one value per channel; a single channel is one number for all. */
export function channelRows(config: ImageConfig): number {
  return config.CIN === 1 ? 1 : imagePixels(config);
}

/** What {@link imageFeatures} may be told. */
export interface ImageFeatureOptions {
  /** Default: `HW` and `CIN`. */
  readonly keys?: readonly (keyof ImageConfig)[];
  /** What `OUT_PIXELS` counts; default: pixels. */
  readonly loops?: (config: ImageConfig) => number;
}

/** Features of a kernel with one image: its configuration, its work, its pixels, and what whole vectors leave of the channels. */
export function imageFeatures(
  kernelType: string,
  work: (config: ImageConfig) => Work,
  { keys = IMAGE_KEYS, loops = imagePixels }: ImageFeatureOptions = {},
): ConfigFeatureParser<ImageConfig> {
  return new ConfigFeatureParser({ kernelType, keys, work, extra: { OUT_PIXELS: loops, ...remainderFeatures<ImageConfig>('CIN') } });
}
