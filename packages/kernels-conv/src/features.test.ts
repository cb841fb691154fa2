import { describe, expect, it } from 'vitest';
import { conv2d } from './conv/conv2d.ts';
import { dwconv2d } from './dwconv/dwconv2d.ts';
import { convFeatures } from './features.ts';
import { squareLayer } from './layer.ts';

describe('ways of computing', () => {
  it('are those of ONNX Runtime and XNNPACK by vectors of 8 and 16 floats, and for depthwise convolutions of ONNX Runtime alone', () => {
    const blocks = ['BLOCKED', 'BLOCKED_16'];
    expect(conv2d.features.pathFeatures.map(([first]) => first)).toEqual([...blocks, 'XNN_FLOPS', 'XNN_FLOPS_16']);
    expect(dwconv2d.features.pathFeatures.map(([first]) => first)).toEqual(blocks);
  });

  it('XNNPACK computes few output channels in narrow tiles with vectors of 8 floats, in wide ones with 16', () => {
    const of = (name: 'XNN_FLOPS' | 'XNN_FLOPS_16', COUT: number): number => {
      const layer = squareLayer({ HW: 10, CIN: 32, COUT, KERNEL_SIZE: 1, STRIDES: 1 });
      return convFeatures[name]!(layer, { flops: 0, params: 0, bytes: 0 }) / (2 * 100 * 32);
    };
    expect([1, 13, 16, 17].map((cout) => of('XNN_FLOPS_16', cout))).toEqual([16, 16, 16, 32]);
    expect([1, 13, 16, 17].map((cout) => of('XNN_FLOPS', cout))).toEqual([4, 28, 16, 32]);
  });
});
