import { GraphBuilder, type Implement, type Padding } from '@nnm/core';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import kernelsTensor from '@nnm/kernels-tensor';
import { describe, expect, it } from 'vitest';
import { liftKernelGraph } from '../graph/from-kernel-graph.ts';
import { detectKernels } from './detect-kernels.ts';
import type { FusionRules } from './fusion-rules.ts';
import { Recogniser } from './recognise.ts';
import { TFLITE_CPU_RULES } from './rules/tflite-cpu.ts';
import { TORCH_CPU_RULES } from './rules/torch-cpu.ts';

const recogniser = new Recogniser([kernelsConv, kernelsMisc, kernelsTensor].flatMap(({ kernels = [] }) => kernels));
const detect = (write: (g: GraphBuilder) => string) => {
  const g = new GraphBuilder('part');
  return detectKernels(liftKernelGraph(g.build(write(g)), { implement: 'tensorflow' }), TFLITE_CPU_RULES, recogniser);
};

describe('a part that no kernel is', () => {
  it('is priced as the kernel without what is fused behind it', () => {
    const [part] = detect((g) => g.activation(g.conv2d(g.input([1, 8, 8, 6]), 9, { kernelSize: 3, groups: 3 }), 'relu'));
    expect(part?.match).toBeUndefined();
    expect(part?.nearest).toMatchObject({
      kernel: 'grouped-conv',
      config: { H: 8, W: 8, GROUPS: 3, GROUP_CIN: 2, GROUP_COUT: 3 },
      differences: ['without the relu behind it'],
    });
  });

  it('is a transposed convolution with the ReLU behind it, where XNNPACK has it', () => {
    const parts = (kernelSize: number, strides: number, padding: Padding = 'same') =>
      detect((g) => g.activation(g.transposedConv2d(g.input([1, 8, 8, 6]), 9, { kernelSize, strides, padding }), 'relu')).map(
        ({ match, nearest }) => [match?.kernel ?? nearest?.kernel, ...(nearest?.differences ?? [])],
      );
    expect(parts(2, 2)).toEqual([['transposed-conv', 'without the relu behind it']]);
    expect(parts(2, 3)).toEqual([['transposed-conv'], ['relu']]);
    expect(parts(4, 2, { top: 1, bottom: 1, left: 1, right: 1 })).toHaveLength(2);
  });

  it('is priced as the kernel with as many output pixels where it is padded otherwise', () => {
    const [part] = detect((g) =>
      g.activation(g.conv2d(g.input([1, 13, 13, 4]), 8, { kernelSize: 3, strides: 2, padding: 'valid' }), 'relu'),
    );
    expect(part?.match).toBeUndefined();
    expect(part?.nearest).toMatchObject({
      kernel: 'conv-relu',
      config: { HW: 12, CIN: 4, COUT: 8, KERNEL_SIZE: 3, STRIDES: 2 },
      differences: ['padded to the same output'],
    });
  });

  it('is priced as the kernel behind another that pads, where the runtime pads first', () => {
    const pool = (g: GraphBuilder, padding: Padding) => g.maxPool(g.input([1, 112, 112, 24]), { kernelSize: 3, strides: 2, padding });
    const nearestOf = (padding: Padding, rules: FusionRules = TFLITE_CPU_RULES) => {
      const g = new GraphBuilder('part');
      const lifted = liftKernelGraph(g.build(pool(g, padding)), { implement: 'tensorflow' });
      return detectKernels(lifted, rules, recogniser)[0]?.nearest;
    };
    const around = { top: 1, bottom: 1, left: 1, right: 1 };
    expect(nearestOf(around)).toEqual({
      kernel: 'maxpool',
      config: { HW: 112, CIN: 24, COUT: 24, KERNEL_SIZE: 3, POOL_STRIDES: 2 },
      differences: ['padded to the same output', 'the pad before it'],
      before: { kernel: 'pad', config: { HEIGHT: 112, WIDTH: 112, CIN: 24, PADDING: 1 } },
    });
    expect(nearestOf('valid')?.before).toBeUndefined();
    expect(nearestOf(around, TORCH_CPU_RULES.nchw)?.before).toBeUndefined();
    // Of a runtime that does not say so nothing is known.
    const { padsFirst: _, ...silent } = TFLITE_CPU_RULES;
    expect(nearestOf(around, silent)).toMatchObject({ kernel: 'maxpool', differences: ['padded to the same output'] });
    expect(nearestOf(around, silent)?.before).toBeUndefined();
  });

  it('is priced as the transposed convolution whose result is a multiple of its image', () => {
    const enlarge = (height: number, width: number, padding: Padding) =>
      detect((g) => g.transposedConv2d(g.input([1, height, width, 5]), 1, { kernelSize: 9, strides: 3, padding }));
    for (const padding of ['valid', { top: 4, bottom: 2, left: 4, right: 2 }] as const) {
      const [part] = enlarge(128, 96, padding);
      expect(part?.match).toBeUndefined();
      expect(part?.nearest).toEqual({
        kernel: 'transposed-conv',
        config: { H: 128, W: 96, CIN: 5, COUT: 1, KERNEL_H: 9, KERNEL_W: 9, STRIDE_H: 3, STRIDE_W: 3 },
        differences: ['whose result is cut to whole steps'],
      });
    }
    // 30 x 24 pixels are two thirds more than 24 x 18.
    expect(enlarge(8, 6, 'valid')[0]).not.toHaveProperty('nearest');
  });

  it('is priced as the kernel of a square image of about as many pixels', () => {
    const [pool] = detect((g) => g.globalAvgPool(g.input([1, 7, 9, 4]), true));
    expect(pool?.match).toBeUndefined();
    expect(pool?.nearest).toMatchObject({ kernel: 'global-avgpool', config: { HW: 8, CIN: 4 } });
    expect(pool?.nearest?.differences).toEqual(['of a square image of about as many pixels']);
    const [max] = detect((g) => g.maxPool(g.input([1, 20, 80, 4]), { kernelSize: 2, strides: 2 }));
    expect(max?.nearest).toMatchObject({ kernel: 'maxpool', config: { HW: 40, CIN: 4, KERNEL_SIZE: 2, POOL_STRIDES: 2 } });
    const [unlike] = detect((g) => g.globalAvgPool(g.input([1, 1, 3, 4]), true));
    expect(unlike).not.toHaveProperty('nearest');
  });

  it('is priced as the reduction of as many rows', () => {
    const [max] = detect((g) => g.reduceMax(g.input([1, 6, 8, 4]), { axes: [-1], keepDims: true }));
    expect(max?.match).toBeUndefined();
    expect(max?.nearest).toEqual({ kernel: 'max-channels', config: { ROWS: 48, CIN: 4 }, differences: ['of a matrix of as many rows'] });
    const [largest] = detect((g) => g.argMax(g.input([1, 6, 8, 4])));
    expect(largest?.nearest).toMatchObject({ kernel: 'arg-max', config: { ROWS: 48, CIN: 4 } });
    const [sum] = detect((g) => g.reduceSum(g.input([1, 6, 8, 4]), { axes: [2, 3] }));
    expect(sum?.nearest).toMatchObject({ kernel: 'sum-channels', config: { ROWS: 6, CIN: 32 } });
    const [columns] = detect((g) => g.reduceSum(g.input([1, 6, 8, 4]), { axes: [2] }));
    expect(columns).not.toHaveProperty('nearest');
  });

  it('is not the kernel on rows where every channel of its image lies apart and meets one value', () => {
    const part = (shape: readonly number[], write: (g: GraphBuilder, x: string) => string, implement: Implement) => {
      const g = new GraphBuilder('part');
      const lifted = liftKernelGraph(g.build(write(g, g.input(shape))), { implement });
      return detectKernels(lifted, implement === 'torch' ? TORCH_CPU_RULES.nchwc16 : TFLITE_CPU_RULES, recogniser)[0];
    };
    const scaled = (g: GraphBuilder, x: string) => g.mul(x, g.constant([4]));
    const config = { ROWS: 48, CIN: 4 };
    for (const image of [
      [1, 6, 8, 4],
      [1, 1, 48, 4],
    ]) {
      const scaledImage = part(image, scaled, 'torch');
      expect(scaledImage?.match).toBeUndefined();
      expect(scaledImage?.nearest).toEqual({ kernel: 'mul-planes', config, differences: ['whose values per channel are computed'] });
      const divided = part(image, (g, x) => g.div(x, g.constant([4], { center: 2 })), 'torch');
      const differences = ['of a matrix whose channels lie side by side'];
      expect(divided?.nearest).toEqual({ kernel: 'div-channels', config, differences });
    }
    const shifted = (g: GraphBuilder, x: string) => g.add(x, g.constant([4]));
    expect(part([1, 6, 8, 4], shifted, 'torch')?.match).toEqual({ kernel: 'add-planes', config });
    expect(part([1, 48, 4], shifted, 'torch')?.match).toEqual({ kernel: 'add-channels', config });
    expect(part([1, 6, 8, 4], shifted, 'tensorflow')?.match).toEqual({ kernel: 'add-channels', config });
    const excited = (g: GraphBuilder, x: string) => g.mul(x, g.input([1, 1, 1, 4]));
    expect(part([1, 6, 8, 4], excited, 'torch')?.match).toEqual({ kernel: 'mul-planes', config });
    expect(part([1, 6, 8, 4], excited, 'tensorflow')?.match).toEqual({ kernel: 'mul-broadcast', config });
    for (const [shape, implement] of [
      [[1, 48, 4], 'torch'],
      [[1, 6, 8, 4], 'tensorflow'],
    ] as const) {
      expect(part(shape, scaled, implement)?.match).toEqual({ kernel: 'mul-channels', config });
    }
    expect(part([1, 6, 8, 4], (g, x) => g.prelu(x), 'torch')?.match).toEqual({ kernel: 'prelu-planes', config });
    expect(part([1, 48, 4], (g, x) => g.prelu(x), 'torch')?.match).toEqual({ kernel: 'prelu', config });
    expect(part([1, 6, 8, 4], (g, x) => g.prelu(x), 'tensorflow')?.match).toEqual({ kernel: 'prelu', config });
    expect(part([1, 2, 8, 4], (g, x) => g.batchNorm(x), 'torch')?.match).toEqual({ kernel: 'bn', config: { HW: 4, CIN: 4 } });
    expect(part([1, 16, 4], (g, x) => g.batchNorm(x), 'torch')?.match).toBeUndefined();
    expect(part([1, 16, 4], (g, x) => g.batchNorm(x), 'tensorflow')?.match).toEqual({ kernel: 'bn', config: { HW: 4, CIN: 4 } });
  });

  it('has none when no kernel does its work', () => {
    const [part] = detect((g) => g.logSoftmax(g.input([1, 4, 5]), { axis: 1 }));
    expect(part).not.toHaveProperty('match');
    expect(part).not.toHaveProperty('nearest');
  });
});

it('a part that a kernel is has no nearest one', () => {
  const [part] = detect((g) => g.activation(g.conv2d(g.input([1, 8, 8, 6]), 9, { kernelSize: 3 }), 'relu'));
  expect(part?.match?.kernel).toBe('conv-relu');
  expect(part).not.toHaveProperty('nearest');
});
