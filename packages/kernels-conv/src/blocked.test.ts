import { describe, expect, it } from 'vitest';
import { copiedBytes, copiedPieces, type GroupedLayer, isBlocked, tiledFlops } from './blocked.ts';
import { type ConvLayer, outputPixels, squareLayer, windowPixels } from './layer.ts';

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
