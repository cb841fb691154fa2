import { GraphBuilder, type Padding, Rng, type Runtime, type ValueId } from '@nnm/core';
import { maxRelativeError, randomTensors, runReference } from '@nnm/core/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeNative, startNative } from './__fixtures__/native-runtime.ts';
import { tfliteCpu } from './index.ts';

const TOLERANCE = 1e-5;

type Write = (g: GraphBuilder, window: { hw: number; batch: number; kernelSize: number; strides: number; padding: Padding }) => ValueId;

/** Kernels whose windows are put through every size, stride and padding below. */
const WINDOWED: Readonly<Record<string, Write>> = {
  'conv2d, batch norm, relu6': (g, { hw, batch, ...window }) =>
    g.activation(g.batchNorm(g.conv2d(g.input([batch, hw, hw, 3]), 5, { ...window, useBias: hw % 2 === 0 })), 'relu6'),
  'conv2d in two groups, batch norm, relu': (g, { hw, batch, ...window }) =>
    g.activation(g.batchNorm(g.conv2d(g.input([batch, hw, hw, 4]), 6, { ...window, groups: 2 })), 'relu'),
  'conv2d with a group per channel': (g, { hw, batch, ...window }) => g.conv2d(g.input([batch, hw, hw, 3]), 6, { ...window, groups: 3 }),
  'depthwiseConv2d, batch norm, hswish': (g, { hw, batch, ...window }) =>
    g.activation(g.batchNorm(g.depthwiseConv2d(g.input([batch, hw, hw, 9]), window)), 'hswish'),
  maxPool: (g, { hw, batch, ...window }) => g.maxPool(g.input([batch, hw, hw, 3]), window),
  'maxPool after relu': (g, { hw, batch, ...window }) => g.maxPool(g.activation(g.input([batch, hw, hw, 3]), 'relu'), window),
  'avgPool, relu': (g, { hw, batch, ...window }) => g.activation(g.avgPool(g.input([batch, hw, hw, 3]), window), 'relu'),
};

const SIZES = [1, 2, 5, 7, 8];
const KERNELS = [1, 2, 3, 5];
const STRIDES = [1, 2, 4];

/** Paddings whose windows all see a real pixel; what a window of padding alone gives is not defined. */
function paddings(hw: number, kernel: number, stride: number): readonly Padding[] {
  const half = Math.floor(kernel / 2);
  const explicit = [
    { top: half, bottom: half, left: half, right: half },
    { top: 0, bottom: 2, left: 1, right: 0 },
  ];
  const seesPixels = (before: number, after: number): boolean => {
    const outputs = Math.floor((hw + before + after - kernel) / stride) + 1;
    return before < kernel && outputs >= 1 && (outputs - 1) * stride - before < hw;
  };
  const usable = explicit.filter((p) => seesPixels(p.top, p.bottom) && seesPixels(p.left, p.right));
  return ['same', ...(kernel <= hw ? (['valid'] as const) : []), ...usable];
}

const windows = SIZES.flatMap((hw) =>
  KERNELS.flatMap((kernelSize) =>
    STRIDES.flatMap((strides) =>
      paddings(hw, kernelSize, strides).map((padding) => ({
        hw,
        kernelSize,
        strides,
        padding,
        batch: (hw + kernelSize) % 2 === 0 ? 1 : 4,
      })),
    ),
  ),
);

describeNative('agreement with the float64 reference', () => {
  let runtimes: readonly Runtime[];
  beforeAll(async () => {
    runtimes = await Promise.all([startNative(), startNative({ DELEGATE: 'none' })]);
  });
  afterAll(() => {
    for (const runtime of runtimes) runtime.close();
  });

  it.each(Object.entries(WINDOWED))(`of %s over ${windows.length} windows`, async (name, write) => {
    const failures: string[] = [];
    for (const window of windows) {
      const g = new GraphBuilder(name, 7);
      const graph = g.build(write(g, window));
      const inputs = randomTensors(graph, new Rng(1));
      const expected = runReference(graph, inputs, 'tensorflow');
      for (const runtime of runtimes) {
        const model = await runtime.load(tfliteCpu.convert(graph));
        const error = maxRelativeError(await model.execute(inputs), expected);
        if (!(error <= TOLERANCE)) failures.push(`${JSON.stringify(window)} with delegate ${runtime.info.options.delegate}: ${error}`);
        await model.close();
      }
    }
    expect(failures).toEqual([]);
  });

  it('of 3x3 with stride 4 on a multiple of 4, where SAME of XNNPACK 2.9 goes wrong', async () => {
    const g = new GraphBuilder('stride 4', 3);
    const graph = g.build(g.conv2d(g.input([1, 28, 28, 8]), 16, { kernelSize: 3, strides: 4 }));
    const inputs = randomTensors(graph, new Rng(2));
    const model = await runtimes[0]!.load(tfliteCpu.convert(graph));
    expect(maxRelativeError(await model.execute(inputs), runReference(graph, inputs, 'tensorflow'))).toBeLessThan(TOLERANCE);
    await model.close();
  });

  it('of wide layers, whose sums are long', async () => {
    const g = new GraphBuilder('wide', 3);
    const features = g.activation(g.batchNorm(g.conv2d(g.input([1, 7, 7, 320]), 512, { kernelSize: 1, useBias: false })), 'hswish');
    const gate = g.activation(g.conv2d(g.globalAvgPool(features, true), 512, { kernelSize: 1 }), 'hsigmoid');
    const graph = g.build(g.batchNorm(g.dense(g.flatten(g.mul(features, gate)), 40)));
    const inputs = randomTensors(graph, new Rng(2));
    const expected = runReference(graph, inputs, 'tensorflow');
    for (const runtime of runtimes) {
      const model = await runtime.load(tfliteCpu.convert(graph));
      expect(maxRelativeError(await model.execute(inputs), expected)).toBeLessThan(TOLERANCE);
      await model.close();
    }
  });
});
