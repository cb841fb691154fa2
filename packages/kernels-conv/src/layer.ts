import { square, type Work } from '@nnm/core';
import type { ConvConfig } from './config.ts';

/** One convolution with `same` padding, whatever keys its kernel's configuration has. Sizes in elements. */
export interface ConvLayer {
  readonly h: number;
  readonly w: number;
  readonly cin: number;
  readonly cout: number;
  readonly kernelH: number;
  readonly kernelW: number;
  readonly strideH: number;
  readonly strideW: number;
  readonly dilationH: number;
  readonly dilationW: number;
}

/** A feature that is computed from the layer, and so means the same for every kernel of a family. */
export type LayerFeature = (layer: ConvLayer, work: Work) => number;
/** Such features by name. */
export type LayerFeatures = Readonly<Record<string, LayerFeature>>;

/** The layer of a configuration with square image, window and step. */
export function squareLayer({ HW, CIN, COUT, KERNEL_SIZE, STRIDES }: ConvConfig): ConvLayer {
  return {
    h: HW,
    w: HW,
    cin: CIN,
    cout: COUT,
    kernelH: KERNEL_SIZE,
    kernelW: KERNEL_SIZE,
    strideH: STRIDES,
    strideW: STRIDES,
    dilationH: 1,
    dilationW: 1,
  };
}

/** Pixels of the output. */
export const outputPixels = ({ h, w, strideH, strideW }: ConvLayer): number => Math.ceil(h / strideH) * Math.ceil(w / strideW);

/** Pixels of the window. */
export const windowPixels = ({ kernelH, kernelW }: ConvLayer): number => kernelH * kernelW;

/** A height and a width as the side of a square of the same area, and how much wider than high it is. */
export const toSide = (height: number, width: number): readonly [side: number, aspect: number] => [
  Math.sqrt(height * width),
  width / height,
];

/** The way back: integers, so that rounding errors do not count. */
export const fromSide = (side: number, aspect: number): readonly [height: number, width: number] => [
  Math.round(Math.sqrt(square(side) / aspect)),
  Math.round(Math.sqrt(square(side) * aspect)),
];
