import { GraphBuilder, type ValueId } from '@nnm/core';
import { expect, it } from 'vitest';
import { litertWasm } from './litert-wasm-backend.ts';
import { litertWebgpu } from './litert-webgpu-backend.ts';

const graphOf = (write: (g: GraphBuilder) => ValueId) => {
  const g = new GraphBuilder('test');
  return g.build(write(g));
};

/** Found by `npm run compare:operators -- --backend litert_wasm`, which shows that the others are right. */
it.each<[string, boolean, (g: GraphBuilder) => ValueId]>([
  ['windows of 7 rows, every second, of 5', false, (g) => g.avgPool(g.input([1, 5, 7, 2]), { kernelSize: 7, strides: 2 })],
  ['windows of 11 rows, every fourth, of 9', false, (g) => g.avgPool(g.input([1, 9, 3, 4]), { kernelSize: [11, 3], strides: [4, 3] })],
  ['windows of 7 rows, all, of 5', true, (g) => g.avgPool(g.input([1, 5, 7, 2]), { kernelSize: 7 })],
  ['windows of 7 columns, every second, of 5', true, (g) => g.avgPool(g.input([1, 7, 5, 2]), { kernelSize: [2, 7], strides: 2 })],
  [
    'windows of 7 rows with explicit padding',
    true,
    (g) => g.avgPool(g.input([1, 5, 7, 2]), { kernelSize: 7, strides: 2, padding: { top: 3, bottom: 3, left: 3, right: 3 } }),
  ],
  ['windows of 3 rows, every second', true, (g) => g.avgPool(g.input([1, 14, 14, 2]), { kernelSize: 3, strides: 2 })],
])('averages of %s are converted for WebAssembly: %j', (_, isRight, write) => {
  const graph = graphOf(write);
  if (isRight) expect(litertWasm.convert(graph).length).toBeGreaterThan(0);
  else expect(() => litertWasm.convert(graph)).toThrow(/^litert_wasm cannot convert the graph "test": .* it is right with a stride of 1/);
});

/** Found by `tests/kernels-in-chromium.test.ts`, which shows that the others are right. */
it.each<[string, boolean, (g: GraphBuilder) => ValueId]>([
  ['argMax over 5 channels', false, (g) => g.argMax(g.input([1, 3, 5]))],
  ['argMax over 8 channels', true, (g) => g.argMax(g.input([1, 3, 8]))],
  ['argMax over 5 rows', true, (g) => g.argMax(g.input([1, 5, 6]), { axis: 1 })],
  ['depthToSpace of a batch', false, (g) => g.depthToSpace(g.input([2, 3, 3, 4]), 2)],
  ['depthToSpace', true, (g) => g.depthToSpace(g.input([1, 3, 3, 4]), 2)],
  ['spaceToDepth of a batch', false, (g) => g.spaceToDepth(g.input([2, 4, 4, 4]), 2)],
  ['transposedConv2d with a window of 3', false, (g) => g.transposedConv2d(g.input([1, 5, 5, 4]), 4, { kernelSize: 3, strides: 2 })],
  ['transposedConv2d with a window of 4', true, (g) => g.transposedConv2d(g.input([1, 5, 5, 4]), 4, { kernelSize: 4, strides: 2 })],
  ['relu', true, (g) => g.activation(g.input([2, 5]), 'relu')],
])('%s: is converted for WebGPU: %j', (_, isRight, write) => {
  const graph = graphOf(write);
  if (isRight) expect(litertWebgpu.convert(graph)).toEqual(litertWasm.convert(graph));
  else expect(() => litertWebgpu.convert(graph)).toThrow(/^litert_webgpu cannot convert the graph "test": .* it is right /);
});

it('what the format lacks is refused in the name of the backend', () => {
  const graph = graphOf((g) => g.add(g.input([2, 1, 2, 1, 2]), g.input([1, 2, 1, 2, 1])));
  expect(() => litertWasm.convert(graph)).toThrow(/^litert_wasm cannot convert the graph "test": .*broadcast over 4 axes/);
});
