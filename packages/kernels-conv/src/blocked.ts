import { stepFlops, tiledProductFlops } from '@nnm/core';
import { type ConvLayer, outputPixels, windowPixels } from './layer.ts';

/** Channels of a block: floats in a 256-bit vector. */
const BLOCK = 8;
/** Blocks of output channels, and output pixels of a row, that one pass of the loops over blocks computes at once. */
const PASS = { blocks: 4, pixels: 3 };
/** Fewer input channels than these are read one by one, and only multiples of these are reordered for free between layers. */
const CHANNELS = 4;
/** What a pixel costs that is fetched alone, and what a product costs beside its operations, in pixels and in rows copied together. */
const ALONE = 3;
const PRODUCT = 32;
const REORDER = 160;
const BYTES_PER_FLOAT = 4;

const divideUp = (value: number, divisor: number): number => Math.ceil(value / divisor);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** A convolution and the groups of its channels: 1, or `cin` for a depthwise one. */
export interface GroupedLayer {
  readonly layer: ConvLayer;
  readonly groups: number;
}

const isDepthwise = ({ layer: { cin, cout }, groups }: GroupedLayer): boolean => groups > 1 && groups === cin && groups === cout;

/**
 * 1 for a convolution that ONNX Runtime computes on blocks of channels, 0 for one for which it copies patches and multiplies matrices: it
 * takes blocks for whole groups only, and for multiples of 4 channels where there is one group or one channel per group.
 */
export function isBlocked(grouped: GroupedLayer): number {
  const { cin, cout } = grouped.layer;
  const { groups } = grouped;
  if (groups === 1) return Number(cin < CHANNELS || cin % CHANNELS === 0);
  if (isDepthwise(grouped)) return Number(cout % CHANNELS === 0);
  return Number((cin / groups) % BLOCK === 0 && (cout / groups) % BLOCK === 0);
}

/** How many of the window's pixels lie in the image, for each output pixel along an axis with `same` padding. */
function pixelsInside(size: number, kernel: number, stride: number, dilation: number): readonly number[] {
  const outputs = divideUp(size, stride);
  const before = Math.floor(Math.max(0, (outputs - 1) * stride + (kernel - 1) * dilation + 1 - size) / 2);
  return Array.from({ length: outputs }, (_, output) => {
    const first = output * stride - before;
    const skipped = first < 0 ? divideUp(-first, dilation) : 0;
    return Math.max(0, Math.min(kernel, Math.floor((size - 1 - first) / dilation) + 1) - skipped);
  });
}

/** Operations of one step of the sums of a row of `count` pixels, in passes of three and one of what is left. */
function rowFlops(count: number, blocks: number): number {
  const left = count % PASS.pixels;
  return Math.floor(count / PASS.pixels) * stepFlops(blocks * PASS.pixels) + (left > 0 ? stepFlops(blocks * left) : 0);
}

/** Operations of all output pixels per input channel. Pixels whose window the edge cuts off are computed one by one, without what is outside. */
function imageFlops(layer: ConvLayer, blocks: number): number {
  const { h, w, kernelH, kernelW, strideH, strideW, dilationH, dilationW } = layer;
  if (windowPixels(layer) === 1 && strideH === 1 && strideW === 1) return rowFlops(h * w, blocks);
  const columns = pixelsInside(w, kernelW, strideW, dilationW);
  const whole = columns.filter((inside) => inside === kernelW).length;
  const cut = sum(columns) - whole * kernelW;
  return sum(pixelsInside(h, kernelH, strideH, dilationH)) * (kernelW * rowFlops(whole, blocks) + cut * stepFlops(blocks));
}

function blockedFlops({ layer, groups }: GroupedLayer): number {
  const { cin, cout } = layer;
  if (isDepthwise({ layer, groups })) return divideUp(cin, BLOCK) * imageFlops(layer, 1);
  const summed = groups === 1 && cin < CHANNELS ? cin : BLOCK * divideUp(cin / groups, BLOCK);
  const blocks = divideUp(cout / groups, BLOCK);
  const left = blocks % PASS.blocks;
  const time = Math.floor(blocks / PASS.blocks) * imageFlops(layer, PASS.blocks) + (left > 0 ? imageFlops(layer, left) : 0);
  return groups * summed * time;
}

function productFlops({ layer, groups }: GroupedLayer): number {
  const summed = (windowPixels(layer) * layer.cin) / groups;
  return groups * tiledProductFlops({ rows: layer.cout / groups, columns: outputPixels(layer), summed });
}

/** Operations, 2 per multiply-add, that there is time for while a convolution is computed on blocks of channels or by matrix products. */
export const tiledFlops = (grouped: GroupedLayer): number => (isBlocked(grouped) === 1 ? blockedFlops(grouped) : productFlops(grouped));

/** The image is the matrix already. */
const needsNoPatches = (layer: ConvLayer): boolean => windowPixels(layer) === 1 && layer.strideH === 1 && layer.strideW === 1;

/**
 * Bytes that are copied beside computing: patches of the image, unless the image is the matrix, and once more into tiles, unless there is
 * one row or one column; of a result in blocks, what no neighbour takes so. Pixels that do not lie side by side count three times.
 */
export function copiedBytes(grouped: GroupedLayer): number {
  const { layer, groups } = grouped;
  const pixels = outputPixels(layer);
  if (isBlocked(grouped) === 1) return layer.cout % CHANNELS === 0 ? 0 : BYTES_PER_FLOAT * pixels * layer.cout;
  const patches = needsNoPatches(layer) ? 0 : layer.strideW > 1 ? ALONE : 1;
  const tiles = layer.cout === groups || pixels === 1 ? 0 : 1;
  return BYTES_PER_FLOAT * (patches + tiles) * pixels * windowPixels(layer) * layer.cin;
}

/** Pieces that are copied one by one: rows of pixels of patches, and what each product costs beside its operations. */
export function copiedPieces(grouped: GroupedLayer): number {
  const { layer, groups } = grouped;
  if (isBlocked(grouped) === 1) return layer.cout % CHANNELS === 0 ? 0 : REORDER;
  const rows = needsNoPatches(layer) ? 0 : divideUp(layer.h, layer.strideH) * windowPixels(layer) * layer.cin;
  return rows + PRODUCT * groups;
}
