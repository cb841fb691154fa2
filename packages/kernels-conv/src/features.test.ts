import { describe, expect, it } from 'vitest';
import { conv2d } from './conv/conv2d.ts';
import { dwconv2d } from './dwconv/dwconv2d.ts';
import { convFeatures, dwconvFeatures } from './features.ts';
import { groupedConv } from './grouped/grouped-conv.ts';
import { squareLayer } from './layer.ts';
import { transposedConv } from './transposed/transposed-conv.ts';

describe('ways of computing', () => {
  it('are those of ONNX Runtime and XNNPACK by vectors of 8 and 16 floats, for depthwise convolutions by the first-level cache, too', () => {
    const blocks = ['BLOCKED', 'BLOCKED_16'];
    expect(conv2d.features.pathFeatures.map(([first]) => first)).toEqual([...blocks, 'XNN_FLOPS', 'XNN_FLOPS_16']);
    const xnnpack = dwconv2d.features.pathFeatures.filter(([first]) => first?.startsWith('XNN')).map((way) => [way[0], way.at(-1)]);
    expect(xnnpack).toEqual(
      ['32', '48', '64'].flatMap((cache) => ['XNN_FLOPS', 'XNN_FLOPS_16'].map((flops) => [flops, `STREAMED_BYTES_${cache}`])),
    );
    expect(dwconv2d.features.pathFeatures.length).toBe(blocks.length + xnnpack.length);
  });

  it('XNNPACK computes one group after the other, each by tiles of its own', () => {
    const at = (GROUPS: number, GROUP_COUT: number, name: string): number => {
      const window = { KERNEL_H: 3, KERNEL_W: 3, STRIDE_H: 1, STRIDE_W: 1, DILATION_H: 1, DILATION_W: 1 };
      const vector = groupedConv.features.getFeatureByConfig({ H: 10, W: 10, GROUPS, GROUP_CIN: 8, GROUP_COUT, ...window });
      return vector[groupedConv.features.featureNames.indexOf(name)]!;
    };
    expect(groupedConv.features.pathFeatures.map(([first]) => first)).toEqual(['BLOCKED', 'BLOCKED_16', 'XNN_FLOPS', 'XNN_FLOPS_16']);
    expect(at(4, 5, 'XNN_FLOPS_16') / (2 * 100 * 9 * 8)).toBe(4 * 16);
    expect(at(4, 17, 'XNN_FLOPS_16') / (2 * 100 * 9 * 8)).toBe(4 * 32);
    expect(at(4, 17, 'XNN_TAPS')).toBe(4 * 2 * 100 * 9);
  });

  it('XNNPACK computes few output channels in narrow tiles with vectors of 8 floats, in wide ones with 16', () => {
    const of = (name: 'XNN_FLOPS' | 'XNN_FLOPS_16', COUT: number): number => {
      const layer = squareLayer({ HW: 10, CIN: 32, COUT, KERNEL_SIZE: 1, STRIDES: 1 });
      return convFeatures.features[name]!(layer, { flops: 0, params: 0, bytes: 0 }) / (2 * 100 * 32);
    };
    expect([1, 13, 16, 17].map((cout) => of('XNN_FLOPS_16', cout))).toEqual([16, 16, 16, 32]);
    expect([1, 13, 16, 17].map((cout) => of('XNN_FLOPS', cout))).toEqual([4, 28, 16, 32]);
  });

  it('XNNPACK computes depthwise convolutions by whole vectors, groups of other windows by whole tiles', () => {
    const of = (CIN: number, KERNEL_SIZE: number) => {
      const layer = squareLayer({ HW: 10, CIN, COUT: CIN, KERNEL_SIZE, STRIDES: 1 });
      const at = (name: string) =>
        dwconvFeatures.features[name]!(layer, { flops: 0, params: 0, bytes: 0 }) / (100 * KERNEL_SIZE * KERNEL_SIZE);
      return { flops: at('XNN_FLOPS_16') / 2, split: at('SPLIT_LOADS_16'), streamed: at('STREAMED_BYTES_48') * KERNEL_SIZE * KERNEL_SIZE };
    };
    expect(of(16, 3)).toEqual({ flops: 16, split: 0, streamed: 0 });
    expect(of(24, 3)).toEqual({ flops: 32, split: 1, streamed: 0 });
    // Nine pixels, nine weights and a bias, one result: 80 bytes a channel, of 48 kB.
    expect(of(640, 3).streamed).toBeCloseTo((51_200 * (51_200 / 49_152 - 1)) / 0.3);
    expect(of(1024, 3).streamed).toBe(81_920);
    const gathered = (KERNEL_SIZE: number, STRIDES: number): number => {
      const layer = squareLayer({ HW: 10, CIN: 24, COUT: 24, KERNEL_SIZE, STRIDES });
      return dwconvFeatures.features.GATHERED_PIXELS!(layer, { flops: 0, params: 0, bytes: 0 });
    };
    expect([gathered(3, 1), gathered(1, 2), gathered(1, 1)]).toEqual([100, 25, 0]);
    expect(of(24, 7)).toEqual({ flops: 24 * 16, split: 0, streamed: 0 });
  });
});

it('XNNPACK computes few filters of a transposed convolution in narrow tiles, and all pixels of the result where its window leaves gaps', () => {
  const { features } = transposedConv;
  const of = (COUT: number, KERNEL: number, STRIDE: number) => {
    const config = { H: 10, W: 10, CIN: 6, COUT, KERNEL_H: KERNEL, KERNEL_W: KERNEL, STRIDE_H: STRIDE, STRIDE_W: STRIDE };
    const values = features.getFeatureByConfig(config);
    return ['XNN_FLOPS', 'NARROW_FLOPS', 'XNN_TAPS'].map((name) => (values[features.featureNames.indexOf(name)] as number) / 100);
  };
  // Narrow tiles have 4 input and 2 output channels, wide ones 16 output channels.
  expect(of(3, 2, 2)).toEqual([0, 2 * 4 * (8 * 4), 4]);
  expect(of(17, 2, 2)).toEqual([2 * 4 * (6 * 32), 0, 4 * 2]);
  expect(of(16, 2, 4)).toEqual([16 * 2 * 4 * (6 * 16), 0, 16 * 4]);
});
