import { ConfigFeatureParser, type Feature, type Work } from '@nnm/core';
import { CONV_KEYS, type ConvConfig } from './config.ts';

const BYTES_PER_FLOAT = 4;

const outputPixels = ({ HW, STRIDES }: ConvConfig): number => Math.ceil(HW / STRIDES) ** 2;

/** What sets the speed of convolutions on real runtimes, beyond their work; the same for every kernel of both families. */
const extra: Readonly<Record<string, Feature<ConvConfig>>> = {
  OUT_PIXELS: outputPixels,
  INTENSITY: (_, work) => work.flops / work.bytes,
  // Runtimes compute output channels in tiles of 8 or 16; a remainder costs a whole tile.
  COUT_MOD_8: ({ COUT }) => COUT % 8,
  COUT_MOD_16: ({ COUT }) => COUT % 16,
  CIN_MOD_8: ({ CIN }) => CIN % 8,
};

/** Features of a convolution kernel: its configuration, its work, the length of its sums, the patches it gathers, tile remainders. */
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
        REDUCTION: ({ CIN, KERNEL_SIZE }) => KERNEL_SIZE ** 2 * CIN,
        IM2COL_BYTES: (config) => BYTES_PER_FLOAT * outputPixels(config) * config.KERNEL_SIZE ** 2 * config.CIN,
      },
    });
  }
}

/** Features of a depthwise kernel: its configuration, its work and tile remainders. */
export class DwconvFeatureParser extends ConfigFeatureParser<ConvConfig> {
  /**
   * @param kernelType - the kernel's id
   * @param work - the kernel's work at batch 1
   */
  constructor(kernelType: string, work: (config: ConvConfig) => Work) {
    super({ kernelType, keys: CONV_KEYS, work, extra });
  }
}
