import { GraphBuilder } from '@nnm/core';
import { network } from '@nnm/zoo';
import { describe, expect, it } from 'vitest';
import { liftKernelGraph } from '../graph/from-kernel-graph.ts';
import type { ModelGraph } from '../graph/model-graph.ts';
import { measureMemory } from './model-memory.ts';

const modelOf = (write: (g: GraphBuilder) => string | readonly string[]): ModelGraph => {
  const g = new GraphBuilder('model', 1);
  return liftKernelGraph(g.build(...[write(g)].flat()), { implement: 'tensorflow' }).model;
};

describe('memory of a model', () => {
  it('of a chain is that of the two largest neighbours', () => {
    // 4 * (64, 128, 32, 8) floats.
    const model = modelOf((g) => g.dense(g.dense(g.dense(g.input([4, 64]), 128), 32), 8));
    expect(measureMemory(model)).toEqual({
      weightBytes: 4 * (64 * 128 + 128 + 128 * 32 + 32 + 32 * 8 + 8),
      peakActivationBytes: 4 * 4 * (64 + 128),
      peakNode: 0,
      uncounted: [],
    });
  });

  it('holds what a later op needs', () => {
    // At the second convolution: the shortcut, its input and its output.
    const model = modelOf((g) => {
      const x = g.input([1, 8, 8, 4]);
      const y = g.conv2d(g.conv2d(x, 16, { kernelSize: 3 }), 4, { kernelSize: 3 });
      return g.add(x, y);
    });
    expect(measureMemory(model)).toMatchObject({ peakActivationBytes: 4 * 64 * (4 + 16 + 4), peakNode: 1 });
  });

  it('holds results to the end, and what nobody uses for a moment', () => {
    const model = modelOf((g) => {
      const x = g.input([1, 100]);
      return [g.dense(x, 50), g.dense(x, 200), g.dense(g.dense(x, 10), 10)];
    });
    const unused = { ...model, outputs: model.outputs.filter((_, index) => index !== 1) };
    expect(measureMemory(unused)).toMatchObject({ peakActivationBytes: 4 * (100 + 50 + 200), peakNode: 1 });
  });

  it('of nodes that run as one has nothing between them', () => {
    const model = modelOf((g) => g.activation(g.add(g.conv2d(g.input([1, 4, 4, 2]), 8, { kernelSize: 1 }), 1), 'relu'));
    expect(measureMemory(model)).toMatchObject({ peakActivationBytes: 4 * 16 * (8 + 8), peakNode: 1 });
    expect(measureMemory(model, { groups: [[0, 1, 2]] })).toMatchObject({ peakActivationBytes: 4 * 16 * (2 + 8), peakNode: 2 });
    // The input waits for the group that uses it.
    expect(measureMemory(model, { groups: [[0, 1]] })).toMatchObject({ peakActivationBytes: 4 * 16 * (8 + 8), peakNode: 2 });
  });

  it('counts elements by their type, and names what it cannot count', () => {
    const model = modelOf((g) => g.activation(g.activation(g.input([1, 6]), 'relu'), 'sigmoid'));
    const tensors = new Map(model.tensors);
    tensors.set('input0', { ...tensors.get('input0')!, dtype: 'int8' });
    const { shape: _, ...open } = tensors.get('activation0')!;
    tensors.set('activation0', open);
    expect(measureMemory({ ...model, tensors })).toMatchObject({ peakActivationBytes: 24, peakNode: 1, uncounted: ['activation0'] });
  });

  it('of a network is that of its largest layer', () => {
    // mobilenet-v2 widens 112x112x16 to 96 channels; its batch normalisation does not work in place here.
    const { model } = liftKernelGraph(network('mobilenet-v2'), { implement: 'tensorflow' });
    expect(measureMemory(model).peakActivationBytes).toBe(4 * 112 * 112 * (96 + 96));
  });
});
