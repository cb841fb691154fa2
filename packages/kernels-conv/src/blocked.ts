import { AVX2, AVX512, floatBytes, stepFlops, tiledProductFlops, type VectorUnit } from '@nnm/core';
import { type ConvLayer, outputPixels, windowPixels } from './layer.ts';

/** How ONNX Runtime keeps channels on a processor: in blocks of as many as a vector has floats. */
export interface Blocks {
  readonly unit: VectorUnit;
  /** Output pixels of a row that one pass of the loops over blocks computes at once. */
  readonly pixels: number;
}
export const BLOCKS_OF_8: Blocks = { unit: AVX2, pixels: 3 };
export const BLOCKS_OF_16: Blocks = { unit: AVX512, pixels: 6 };

/** Blocks of output channels that one pass computes at once. */
const PASS_BLOCKS = 4;
/** Fewer input channels than these are read one by one, and only multiples of these are reordered for free between layers. */
const CHANNELS = 4;
/** What a pixel costs that is fetched alone, and what a product costs beside its operations, in pixels and in rows copied together. */
const ALONE = 3;
const PRODUCT = 32;
const REORDER = 160;

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
export function isBlocked(grouped: GroupedLayer, { unit }: Blocks): number {
  const { cin, cout } = grouped.layer;
  const { groups } = grouped;
  if (groups === 1) return Number(cin < CHANNELS || cin % CHANNELS === 0);
  if (isDepthwise(grouped)) return Number(cout % CHANNELS === 0);
  return Number((cin / groups) % unit.floats === 0 && (cout / groups) % unit.floats === 0);
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

/** Operations of one step of the sums of a row of `count` pixels for so many blocks, in whole passes and one of what is left. */
function rowFlops(count: number, blocks: number, { unit, pixels }: Blocks): number {
  const left = count % pixels;
  return Math.floor(count / pixels) * stepFlops(blocks * pixels, unit) + (left > 0 ? stepFlops(blocks * left, unit) : 0);
}

/** Operations of all output pixels per input channel. Pixels whose window the edge cuts off are computed one by one, without what is outside. */
function imageFlops(layer: ConvLayer, blocks: number, how: Blocks): number {
  const { h, w, kernelH, kernelW, strideH, strideW, dilationH, dilationW } = layer;
  if (windowPixels(layer) === 1 && strideH === 1 && strideW === 1) return rowFlops(h * w, blocks, how);
  const columns = pixelsInside(w, kernelW, strideW, dilationW);
  const whole = columns.filter((inside) => inside === kernelW).length;
  const cut = sum(columns) - whole * kernelW;
  return sum(pixelsInside(h, kernelH, strideH, dilationH)) * (kernelW * rowFlops(whole, blocks, how) + cut * stepFlops(blocks, how.unit));
}

function blockedFlops({ layer, groups }: GroupedLayer, how: Blocks): number {
  const { cin, cout } = layer;
  const { floats } = how.unit;
  if (isDepthwise({ layer, groups })) return divideUp(cin, floats) * imageFlops(layer, 1, how);
  const summed = groups === 1 && cin < CHANNELS ? cin : floats * divideUp(cin / groups, floats);
  const blocks = divideUp(cout / groups, floats);
  const left = blocks % PASS_BLOCKS;
  const time = Math.floor(blocks / PASS_BLOCKS) * imageFlops(layer, PASS_BLOCKS, how) + (left > 0 ? imageFlops(layer, left, how) : 0);
  return groups * summed * time;
}

function productFlops({ layer, groups }: GroupedLayer, { unit }: Blocks): number {
  const summed = (windowPixels(layer) * layer.cin) / groups;
  return groups * tiledProductFlops({ rows: layer.cout / groups, columns: outputPixels(layer), summed }, unit);
}

/** Operations, 2 per multiply-add, that there is time for while a convolution is computed on blocks of channels or by matrix products. */
export const tiledFlops = (grouped: GroupedLayer, how: Blocks): number =>
  isBlocked(grouped, how) === 1 ? blockedFlops(grouped, how) : productFlops(grouped, how);

/** The image is the matrix already. */
const needsNoPatches = (layer: ConvLayer): boolean => windowPixels(layer) === 1 && layer.strideH === 1 && layer.strideW === 1;

/**
 * Bytes that are copied beside computing: patches of the image, unless the image is the matrix, and once more into tiles, unless there is
 * one row or one column; of a result in blocks, what no neighbour takes so. Pixels that do not lie side by side count three times.
 */
export function copiedBytes(grouped: GroupedLayer, how: Blocks): number {
  const { layer, groups } = grouped;
  const pixels = outputPixels(layer);
  if (isBlocked(grouped, how) === 1) return layer.cout % CHANNELS === 0 ? 0 : floatBytes(pixels * layer.cout);
  const patches = needsNoPatches(layer) ? 0 : layer.strideW > 1 ? ALONE : 1;
  const tiles = layer.cout === groups || pixels === 1 ? 0 : 1;
  return floatBytes((patches + tiles) * pixels * windowPixels(layer) * layer.cin);
}

/** Pieces that are copied one by one: rows of pixels of patches, and what each product costs beside its operations. */
export function copiedPieces(grouped: GroupedLayer, how: Blocks): number {
  const { layer, groups } = grouped;
  if (isBlocked(grouped, how) === 1) return layer.cout % CHANNELS === 0 ? 0 : REORDER;
  const rows = needsNoPatches(layer) ? 0 : divideUp(layer.h, layer.strideH) * windowPixels(layer) * layer.cin;
  return rows + PRODUCT * groups;
}

/** A feature of a way of computing, from the layer. */
type PathFeature = (grouped: GroupedLayer) => number;

/** Features of one way: `BLOCKED`, `TILED_FLOPS`, `COPIES` and `COPIED_BYTES`, with a suffix for its blocks. */
const featuresOf = (how: Blocks, suffix: string): Readonly<Record<string, PathFeature>> =>
  Object.fromEntries(
    Object.entries({ BLOCKED: isBlocked, TILED_FLOPS: tiledFlops, COPIES: copiedPieces, COPIED_BYTES: copiedBytes }).map(
      ([name, feature]) => [`${name}${suffix}`, (grouped: GroupedLayer) => feature(grouped, how)],
    ),
  );

const ways = [featuresOf(BLOCKS_OF_8, ''), featuresOf(BLOCKS_OF_16, '_16')];

/** What ONNX Runtime does, by processors with vectors of 8 and of 16 floats. */
export const blockedFeatures: Readonly<Record<string, PathFeature>> = Object.assign({}, ...ways);
/** Names of {@link blockedFeatures}, by the way they describe. */
export const blockedPaths: readonly (readonly string[])[] = ways.map((way) => Object.keys(way));
