import { BaseBlock, type ConfigRange, MAX_SIDE, type PriorRow, type PriorTable, type Shape } from '@nnm/core';
import type { ConvLayer } from './layer.ts';

/** Heights and widths that samplers choose from: those of images of 224, 299 and 640 pixels and their halves, and of recordings. */
const SIDE_VALUES = [1, 3, 7, 10, 14, 20, 28, 35, 40, 56, 75, 80, 112, 150, 160, 224, 299, 320, 448, 640, 1024];

/** What general convolutions accept; `same` padding, no activation. */
export const generalSpace = {
  H: { min: 1, max: MAX_SIDE, values: SIDE_VALUES, description: 'height of the input, pixels' },
  W: {
    min: 1,
    max: MAX_SIDE,
    values: [...SIDE_VALUES, 1500, 3000],
    description: 'width of the input, pixels; a 1-D convolution has height 1',
  },
  CIN: { min: 1, max: 4096, description: 'input channels' },
  COUT: { min: 1, max: 4096, description: 'output channels' },
  KERNEL_H: { min: 1, max: 64, values: [1, 2, 3, 4, 5, 6, 7, 9, 11, 16, 32], description: 'height of the window, pixels' },
  KERNEL_W: { min: 1, max: 64, values: [1, 2, 3, 4, 5, 6, 7, 9, 11, 16, 32], description: 'width of the window, pixels' },
  STRIDE_H: { min: 1, max: 64, values: [1, 2, 4, 16, 32], description: 'step of the window down, pixels' },
  STRIDE_W: { min: 1, max: 64, values: [1, 2, 4, 16, 32], description: 'step of the window to the right, pixels' },
  DILATION_H: { min: 1, max: 64, values: [1, 2, 4, 6, 12, 18, 24, 36], description: "distance of the window's rows" },
  DILATION_W: { min: 1, max: 64, values: [1, 2, 4, 6, 12, 18, 24, 36], description: "distance of the window's columns" },
} satisfies Record<string, ConfigRange>;

/** How configurations within {@link generalSpace} grow with the network's input. */
export const planeGrowth = { H: 2, W: 2 };

/** One layer in so many is drawn of a low image as well, as wide as its own and a half to a sixteenth as high: lines of text are such images. */
const LOW_EVERY = 6;

/** The layers of a prior, and some of them on low images. */
export function withLowImages<Key extends string>(prior: PriorTable<Key>): PriorTable<Key> {
  const height = 1 + (prior.columns as readonly string[]).indexOf('H');
  const rows = prior.rows.flatMap((row, index) => {
    if (index % LOW_EVERY !== 0) return [row];
    const low = Math.ceil((row[height] as number) / (2 << ((index / LOW_EVERY) % 4)));
    return [row, [row[0], ...row.slice(1, height), low, ...row.slice(height + 1)] as PriorRow];
  });
  return { ...prior, rows };
}

/** Sizes of window and step, per axis. */
export type WindowConfig = {
  readonly KERNEL_H: number;
  readonly KERNEL_W: number;
  readonly STRIDE_H: number;
  readonly STRIDE_W: number;
  readonly DILATION_H: number;
  readonly DILATION_W: number;
};

/** The options of an operator's window. */
export const windowOptions = (config: WindowConfig) =>
  ({
    kernelSize: [config.KERNEL_H, config.KERNEL_W],
    strides: [config.STRIDE_H, config.STRIDE_W],
    dilation: [config.DILATION_H, config.DILATION_W],
  }) as const;

/** The window as a layer has it. */
export const windowOf = (config: WindowConfig) => ({
  kernelH: config.KERNEL_H,
  kernelW: config.KERNEL_W,
  strideH: config.STRIDE_H,
  strideW: config.STRIDE_W,
  dilationH: config.DILATION_H,
  dilationW: config.DILATION_W,
});

/** The way back of {@link windowOf}. */
export const windowConfig = ({ kernelH, kernelW, strideH, strideW, dilationH, dilationW }: ConvLayer): WindowConfig => ({
  KERNEL_H: kernelH,
  KERNEL_W: kernelW,
  STRIDE_H: strideH,
  STRIDE_W: strideW,
  DILATION_H: dilationH,
  DILATION_W: dilationW,
});

/** A block whose only input is `[H, W, CIN]`. */
export abstract class PlaneBlock<C extends { readonly H: number; readonly W: number; readonly CIN: number }> extends BaseBlock<C> {
  override get inputShape(): Shape {
    return [this.config.H, this.config.W, this.config.CIN];
  }
}
