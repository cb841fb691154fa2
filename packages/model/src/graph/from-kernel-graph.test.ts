import { GraphBuilder, InvalidGraphError } from '@nnm/core';
import { network } from '@nnm/zoo';
import { describe, expect, it } from 'vitest';
import { liftKernelGraph } from './from-kernel-graph.ts';

function smallGraph() {
  const g = new GraphBuilder('small', 3);
  const x = g.input([2, 8, 8, 3]);
  const y = g.conv2d(x, 4, { kernelSize: 3, padding: { top: 1, bottom: 0, left: 1, right: 0 } });
  const padded = g.pad(y, [
    [0, 0],
    [1, 0],
    [0, 1],
    [0, 0],
  ]);
  const scaled = g.mul(padded, 0.5);
  return g.build(g.add(scaled, g.constant([4])));
}

describe('a kernel graph as a model', () => {
  const lifted = liftKernelGraph(smallGraph(), { implement: 'torch' });

  it("has the graph's name, framework and batch size, and core's operators", () => {
    expect(lifted.model).toMatchObject({ name: 'small', format: 'graph', opsets: {}, inputs: ['input0'] });
    expect(lifted).toMatchObject({ implement: 'torch', batchSize: 2 });
    expect(lifted.model.nodes.map(({ operator }) => operator)).toEqual(['conv2d', 'pad', 'mul', 'add']);
    expect(lifted.model.nodes[0]!.attributes).toMatchObject({ filters: 4, kernelSize: [3, 3], padding: [1, 0, 1, 0] });
    expect(lifted.model.nodes[1]!.attributes).toMatchObject({ paddings: [0, 0, 1, 0, 0, 1, 0, 0], mode: 'constant' });
  });

  it('marks constants, and says the value of a number', () => {
    const [number, vector] = [...lifted.model.tensors.values()].filter(({ constant }) => constant);
    expect(number).toMatchObject({ shape: [], values: [0.5] });
    expect(vector).toEqual({ name: vector!.name, shape: [4], dtype: 'float32', constant: true });
    expect(lifted.ops.map((op) => op.gap === undefined && op.constantInputs)).toEqual([[], [], [1], [1]]);
  });

  it('has one op per node, with its shapes', () => {
    expect(lifted.ops.map(({ nodes }) => nodes)).toEqual([[0], [1], [2], [3]]);
    expect(lifted.ops[0]).toMatchObject({ inputShapes: [[2, 8, 8, 3]], outputShapes: [[2, 7, 7, 4]] });
  });

  it('counts the bytes of all weights', () => {
    expect(lifted.model.weightBytes).toBe(4 * (3 * 3 * 3 * 4 + 4 + 1 + 4));
  });

  it('takes a whole network', () => {
    const mobilenet = liftKernelGraph(network('mobilenet-v2'), { implement: 'tensorflow' });
    // 3,504,872 parameters as published, and 17,056 running means and as many variances.
    expect(mobilenet.model.weightBytes).toBe(4 * (3_504_872 + 2 * 17_056));
    expect(mobilenet.model.tensors.get(mobilenet.model.outputs[0]!)!.shape).toEqual([1, 1000]);
  });

  it('refuses a graph that is not valid', () => {
    expect(() => liftKernelGraph({ ...smallGraph(), outputs: ['nothing'] }, { implement: 'torch' })).toThrow(InvalidGraphError);
  });
});
