import { describe, expect, it } from 'vitest';
import * as blocked from './blocked.ts';
import { BLOCKS_OF_8, BLOCKS_OF_16, blockedFeatures, blockedPaths, type GroupedLayer } from './blocked.ts';
import { type ConvLayer, outputPixels, squareLayer, windowPixels } from './layer.ts';

const isBlocked = (grouped: GroupedLayer) => blocked.isBlocked(grouped, BLOCKS_OF_8);
const tiledFlops = (grouped: GroupedLayer) => blocked.tiledFlops(grouped, BLOCKS_OF_8);
const copiedBytes = (grouped: GroupedLayer) => blocked.copiedBytes(grouped, BLOCKS_OF_8);
const copiedPieces = (grouped: GroupedLayer) => blocked.copiedPieces(grouped, BLOCKS_OF_8);

const square = (HW: number, CIN: number, COUT: number, KERNEL_SIZE = 1, STRIDES = 1): ConvLayer =>
  squareLayer({ HW, CIN, COUT, KERNEL_SIZE, STRIDES });
const conv = (...sizes: Parameters<typeof square>): GroupedLayer => ({ layer: square(...sizes), groups: 1 });
const depthwise = (hw: number, channels: number, kernel = 3, strides = 1): GroupedLayer => ({
  layer: square(hw, channels, channels, kernel, strides),
  groups: channels,
});
const flops = ({ layer, groups }: GroupedLayer): number =>
  (2 * outputPixels(layer) * windowPixels(layer) * layer.cin * layer.cout) / groups;
/** Operations that there is time for, for each that is needed. */
const waste = (grouped: GroupedLayer): number => tiledFlops(grouped) / flops(grouped);

describe('isBlocked', () => {
  it('takes images of few channels, and multiples of four', () => {
    expect([3, 4, 5, 6, 8, 12, 33].map((cin) => isBlocked(conv(56, cin, 16)))).toEqual([1, 1, 0, 0, 1, 1, 0]);
    expect(isBlocked(conv(56, 8, 17))).toBe(1);
  });

  it('takes depthwise convolutions of multiples of four, and groups of whole blocks', () => {
    expect([4, 12, 33, 34].map((channels) => isBlocked(depthwise(14, channels)))).toEqual([1, 1, 0, 0]);
    const grouped = (cin: number, cout: number) => isBlocked({ layer: square(14, 4 * cin, 4 * cout, 3), groups: 4 });
    expect([grouped(8, 16), grouped(12, 16), grouped(8, 12)]).toEqual([1, 0, 0]);
    expect(isBlocked({ layer: square(14, 16, 32, 3), groups: 16 })).toBe(0);
  });
});

describe('tiledFlops', () => {
  it('is what is needed where blocks and passes are whole', () => {
    expect(waste(conv(12, 64, 64))).toBe(1);
    expect(waste(conv(12, 64, 32, 1, 2))).toBe(1);
  });

  it('grows with the channels that a block leaves empty, and with few blocks', () => {
    expect(waste(conv(12, 64, 33))).toBeGreaterThan(waste(conv(12, 64, 40)));
    expect(waste(conv(12, 60, 32))).toBeCloseTo(64 / 60);
    expect(waste(conv(12, 64, 8))).toBeCloseTo(7 / 3);
  });

  it('leaves out what of a window lies outside the image', () => {
    const dilated = { ...square(35, 64, 32, 3), dilationH: 36, dilationW: 36 };
    expect(waste({ layer: dilated, groups: 1 })).toBeLessThan(0.25);
  });

  it('counts steps of one tap after the other for a depthwise convolution', () => {
    expect(waste(depthwise(300, 8))).toBeCloseTo(7 / 3, 1);
    expect(waste(depthwise(300, 4))).toBeCloseTo(2 * waste(depthwise(300, 8)));
    expect(waste(depthwise(7, 8))).toBeGreaterThan(waste(depthwise(300, 8)));
  });

  it('counts matrix products where there are no blocks', () => {
    expect(waste(conv(16, 66, 60))).toBeCloseTo(72 / 66);
    expect(waste(conv(7, 66, 60))).toBeGreaterThan(waste(conv(16, 66, 60)));
  });
});

describe('copiedBytes and copiedPieces', () => {
  it('are 0 for blocks between neighbours that take them', () => {
    expect([copiedBytes(conv(14, 32, 64, 3)), copiedPieces(conv(14, 32, 64, 3))]).toEqual([0, 0]);
  });

  it('count results that no neighbour takes in blocks', () => {
    expect(copiedBytes(conv(14, 32, 65))).toBe(4 * 14 * 14 * 65);
    expect(copiedPieces(conv(14, 32, 65))).toBeGreaterThan(0);
  });

  it('count patches once for being gathered and once for tiles', () => {
    const patches = (kernel: number, channels: number): number => 4 * 14 * 14 * kernel * kernel * channels;
    expect(copiedBytes(conv(14, 33, 64))).toBe(patches(1, 33));
    expect(copiedBytes(conv(14, 33, 64, 3))).toBe(2 * patches(3, 33));
    expect(copiedBytes(depthwise(14, 33))).toBe(patches(3, 33));
    expect(copiedBytes(depthwise(28, 33, 3, 2))).toBe(3 * patches(3, 33));
  });

  it('count rows of pixels, and products', () => {
    expect(copiedPieces(conv(14, 33, 64, 3)) - copiedPieces(conv(14, 33, 64))).toBe(14 * 9 * 33);
    expect(copiedPieces(depthwise(14, 66))).toBe(2 * copiedPieces(depthwise(14, 33)));
  });
});

describe('blocks of 16', () => {
  const wide = (grouped: GroupedLayer) => blocked.tiledFlops(grouped, BLOCKS_OF_16) / flops(grouped);

  it('waste what 16 channels and passes of 6 pixels leave empty', () => {
    expect(wide(conv(12, 64, 64))).toBe(1);
    expect(wide(conv(12, 56, 64))).toBeCloseTo(64 / 56);
    expect(waste(conv(12, 56, 64))).toBe(1);
  });

  it('are taken for groups of whole blocks', () => {
    const layer = square(14, 4 * 8, 4 * 16, 3);
    expect(blocked.isBlocked({ layer, groups: 4 }, BLOCKS_OF_8)).toBe(1);
    expect(blocked.isBlocked({ layer, groups: 4 }, BLOCKS_OF_16)).toBe(0);
  });

  it('are a way of their own, with the same features', () => {
    expect(blockedPaths).toEqual([
      ['BLOCKED', 'TILED_FLOPS', 'COPIES', 'COPIED_BYTES'],
      ['BLOCKED_16', 'TILED_FLOPS_16', 'COPIES_16', 'COPIED_BYTES_16'],
    ]);
    expect(blockedFeatures.TILED_FLOPS_16!(conv(12, 56, 64))).toBe(blocked.tiledFlops(conv(12, 56, 64), BLOCKS_OF_16));
  });
});
