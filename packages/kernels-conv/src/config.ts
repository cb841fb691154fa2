import { type ConfigSpace, HW_VALUES, KERNEL_SIZE_VALUES, MAX_SIDE, STRIDE_VALUES } from '@nnm/core';

/** Configuration of the convolution kernels: square input `[HW, HW, CIN]`, `COUT` filters, `same` padding. */
export type ConvConfig = {
  readonly HW: number;
  readonly CIN: number;
  readonly COUT: number;
  readonly KERNEL_SIZE: number;
  readonly STRIDES: number;
};

/** The keys of {@link ConvConfig}, in the order in which they are shown and stored. */
export const CONV_KEYS: readonly (keyof ConvConfig)[] = ['HW', 'CIN', 'COUT', 'KERNEL_SIZE', 'STRIDES'];

/** How {@link ConvConfig} grows with the network's input. */
export const convGrowth = { HW: 2 };

/** What the convolution and depthwise kernels accept. */
export const convSpace: ConfigSpace<ConvConfig> = {
  HW: { min: 1, max: MAX_SIDE, values: HW_VALUES, description: 'height and width of the input, pixels' },
  CIN: { min: 1, max: 4096, description: 'input channels' },
  COUT: { min: 1, max: 4096, description: 'output channels' },
  KERNEL_SIZE: { min: 1, max: 11, values: KERNEL_SIZE_VALUES, description: 'height and width of the window, pixels' },
  STRIDES: { min: 1, max: 4, values: STRIDE_VALUES, description: 'step of the window, pixels' },
};
