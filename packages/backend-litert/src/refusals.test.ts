import { GraphBuilder, type ValueId } from '@nnm/core';
import { expect, it } from 'vitest';
import { litertWasm } from './litert-wasm-backend.ts';
import { litertWebgpu } from './litert-webgpu-backend.ts';

const graphOf = (write: (g: GraphBuilder) => ValueId) => {
  const g = new GraphBuilder('test');
  return g.build(write(g));
};

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
