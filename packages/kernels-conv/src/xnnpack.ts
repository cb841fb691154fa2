import { floatBytes, splitVectors } from '@nnm/core';
import { type ConvLayer, type LayerFeature, type LayerFeatures, outputPixels, windowPixels } from './layer.ts';
import { tiledProducts, tileWaste, wideProducts, wideTiles } from './tiles.ts';

/** Operations of so many multiply-adds for every pixel of every window. */
const windowFlops = (layer: ConvLayer, products: number): number => 2 * outputPixels(layer) * windowPixels(layer) * products;

/** Loops over the input channels of one pixel of the window, for every tile of output channels. */
const taps: LayerFeature = (layer) => outputPixels(layer) * windowPixels(layer) * wideTiles(layer.cout);

/**
 * What XNNPACK computes for convolutions, by the processor: with vectors of 8 floats in narrow tiles for few output channels, with vectors of 16 in wide
 * ones for all.
 */
export const xnnpackWays: readonly LayerFeatures[] = [
  { XNN_FLOPS: (layer) => windowFlops(layer, tiledProducts(layer.cin, layer.cout)), XNN_TAPS: taps },
  { XNN_FLOPS_16: (layer) => windowFlops(layer, wideProducts(layer.cin, layer.cout)), XNN_TAPS: taps },
];

/** Windows, in pixels, that XNNPACK has depthwise kernels for. */
const WRITTEN_WINDOWS: readonly number[] = [4, 9, 25];

/** Others, and more than one output channel per input channel, are groups of convolutions. A window of one pixel is a product and a sum. */
const isWritten = (layer: ConvLayer): boolean =>
  isScale(layer) || (layer.cin === layer.cout && WRITTEN_WINDOWS.includes(windowPixels(layer)));

/** A window of one pixel goes through the image from end to end; the pixels of others are found by pointers, pixel by pixel. */
const isScale = (layer: ConvLayer): boolean => layer.cin === layer.cout && windowPixels(layer) * layer.strideH * layer.strideW === 1;

/** 1 for depthwise convolutions that XNNPACK has code for. */
export const written: LayerFeatures = { WRITTEN: (layer) => Number(isWritten(layer)) };

/**
 * With vectors of so many floats: whole vectors of channels, or a tile for each group's. A vector that begins within a line of the cache ends in the
 * next one, which is read too, where the channels of a pixel are no whole number of lines.
 */
const vectors = (floats: number, suffix: string, groupTile: (filters: number) => number): LayerFeatures => ({
  [`XNN_FLOPS${suffix}`]: (layer) => {
    const { cin, cout } = layer;
    return windowFlops(layer, isWritten(layer) ? cout * tileWaste(cout, floats) : cin * groupTile(cout / cin));
  },
  GATHERED_PIXELS: (layer) => (isScale(layer) ? 0 : outputPixels(layer)),
  [`SPLIT_LOADS${suffix}`]: (layer) => (isWritten(layer) ? windowPixels(layer) * splitVectors(outputPixels(layer), layer.cin, floats) : 0),
});

/** By how much more than the cache a window has to be for all of it to be read anew. */
const ALL_ANEW = 1.3;

/**
 * Bytes that are read anew for every pixel: a depthwise convolution goes through the window, its weights and the result channel by channel, so that where they do
 * not fit into a first-level cache of so many kB nothing is left of the last pixel's.
 */
const streamed = (kilobytes: number): LayerFeatures => ({
  [`STREAMED_BYTES_${kilobytes}`]: (layer) => {
    if (!isWritten(layer)) return 0;
    const bytes = floatBytes((2 * windowPixels(layer) + 2) * layer.cin);
    const beyond = (bytes / (1024 * kilobytes) - 1) / (ALL_ANEW - 1);
    return outputPixels(layer) * bytes * Math.min(1, Math.max(0, beyond));
  },
});

/** What XNNPACK does for depthwise convolutions, by vectors of 8 and of 16 floats and by the first-level caches that processors have. */
export const depthwiseWays: readonly LayerFeatures[] = [32, 48, 64].flatMap((kilobytes) => [
  { ...vectors(8, '', (filters) => tiledProducts(1, filters)), ...streamed(kilobytes) },
  { ...vectors(16, '_16', (filters) => wideProducts(1, filters)), ...streamed(kilobytes) },
]);
