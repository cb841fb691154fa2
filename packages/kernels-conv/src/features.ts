import { ConfigFeatureParser, type Feature, remainderFeatures, square, type Work } from '@nnm/core';
import { CONV_KEYS, type ConvConfig } from './config.ts';

const BYTES_PER_FLOAT = 4;

const outputPixels = ({ HW, STRIDES }: ConvConfig): number => square(Math.ceil(HW / STRIDES));

/** Work on whole tiles of `tile` channels as a multiple of the work on the channels there are: 33 channels in tiles of 16 give 48 / 33. */
const tileWaste = (channels: number, tile: number): number => (Math.ceil(channels / tile) * tile) / channels;

/**
 * What sets the speed of convolutions on real runtimes, beyond their work; the same for every kernel of both families.
 *
 * Runtimes compute output channels in tiles, and ONNX Runtime takes its blocked paths only for multiples of 4, 8 or 16 input
 * channels. Chosen among about twenty sets by cross-validation on measured kernels; the README has the figures and their limits.
 */
const extra: Readonly<Record<string, Feature<ConvConfig>>> = {
  OUT_PIXELS: outputPixels,
  INTENSITY: (_, work) => work.flops / work.bytes,
  COUT_WASTE_8: ({ COUT }) => tileWaste(COUT, 8),
  COUT_WASTE_16: ({ COUT }) => tileWaste(COUT, 16),
  ...remainderFeatures<ConvConfig>('CIN', [4, 8, 16]),
};

/** Features of a convolution kernel: its configuration, its work, the length of its sums, the patches it gathers, what tiles waste. */
export class ConvFeatureParser extends ConfigFeatureParser<ConvConfig> {
  /**
   * @param kernelType - the kernel's id
   * @param work - the kernel's work at batch 1
   */
  constructor(kernelType: string, work: (config: ConvConfig) => Work) {
    super({
      kernelType,
      keys: CONV_KEYS,
      work,
      extra: {
        ...extra,
        // Elements summed per output, and bytes of all patches: what an im2col or indirect convolution reads.
        REDUCTION: ({ CIN, KERNEL_SIZE }) => square(KERNEL_SIZE) * CIN,
        IM2COL_BYTES: (config) => BYTES_PER_FLOAT * outputPixels(config) * square(config.KERNEL_SIZE) * config.CIN,
      },
    });
  }
}

/** Features of a depthwise kernel: its configuration, its work and what tiles waste. */
export class DwconvFeatureParser extends ConfigFeatureParser<ConvConfig> {
  /**
   * @param kernelType - the kernel's id
   * @param work - the kernel's work at batch 1
   */
  constructor(kernelType: string, work: (config: ConvConfig) => Work) {
    super({ kernelType, keys: CONV_KEYS, work, extra });
  }
}
