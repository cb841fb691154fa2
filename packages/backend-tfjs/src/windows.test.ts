import { GraphBuilder, type Padding, Rng, type Runtime, type ValueId } from '@nnm/core';
import { maxRelativeError, randomTensors, runReference } from '@nnm/core/testing';
import { beforeAll, expect, it } from 'vitest';
import { tfjsWasm } from './index.ts';
import startWasm from './runtime-wasm.ts';

const TOLERANCE = 1e-5;

type Write = (g: GraphBuilder, window: { hw: number; batch: number; kernelSize: number; strides: number; padding: Padding }) => ValueId;

/** Kernels whose windows are put through every size, stride and padding below. */
const WINDOWED: Readonly<Record<string, Write>> = {
  'conv2d, batch norm, relu6': (g, { hw, batch, ...window }) =>
    g.activation(g.batchNorm(g.conv2d(g.input([batch, hw, hw, 3]), 5, { ...window, useBias: hw % 2 === 0 })), 'relu6'),
  'conv2d in two groups, batch norm, prelu': (g, { hw, batch, ...window }) =>
    g.prelu(g.batchNorm(g.conv2d(g.input([batch, hw, hw, 4]), 6, { ...window, groups: 2 }))),
  'depthwiseConv2d, batch norm, elu': (g, { hw, batch, ...window }) =>
    g.elu(g.batchNorm(g.depthwiseConv2d(g.input([batch, hw, hw, 9]), window))),
  maxPool: (g, { hw, batch, ...window }) => g.maxPool(g.input([batch, hw, hw, 3]), window),
  avgPool: (g, { hw, batch, ...window }) => g.avgPool(g.input([batch, hw, hw, 3]), window),
};

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

const windows = [1, 2, 7, 8].flatMap((hw) =>
  [1, 2, 3, 5].flatMap((kernelSize) =>
    [1, 2, 4].flatMap((strides) =>
      paddings(hw, kernelSize, strides).map((padding) => ({
        hw,
        kernelSize,
        strides,
        padding,
        batch: (hw + kernelSize) % 2 === 0 ? 1 : 3,
      })),
    ),
  ),
);

let runtime: Runtime;
beforeAll(async () => {
  runtime = await startWasm(tfjsWasm.parseSettings({}));
});

it.each(Object.entries(WINDOWED))(`%s on WebAssembly agrees with the reference over ${windows.length} windows`, async (name, write) => {
  const failures: string[] = [];
  for (const window of windows) {
    const g = new GraphBuilder(name, 7);
    const graph = g.build(write(g, window));
    const inputs = randomTensors(graph, new Rng(1));
    const model = await runtime.load(tfjsWasm.convert(graph));
    const error = maxRelativeError(await model.execute(inputs), runReference(graph, inputs, 'tensorflow'));
    if (!(error <= TOLERANCE)) failures.push(`${JSON.stringify(window)}: ${error}`);
    await model.close();
  }
  expect(failures).toEqual([]);
});

it('agrees on 3x3 with stride 4 on a multiple of 4, where SAME of its XNNPACK goes wrong', async () => {
  const g = new GraphBuilder('stride 4', 3);
  const graph = g.build(g.conv2d(g.input([1, 28, 28, 8]), 16, { kernelSize: 3, strides: 4 }));
  const inputs = randomTensors(graph, new Rng(2));
  const model = await runtime.load(tfjsWasm.convert(graph));
  expect(maxRelativeError(await model.execute(inputs), runReference(graph, inputs, 'tensorflow'))).toBeLessThan(TOLERANCE);
  await model.close();
});
