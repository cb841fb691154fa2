import { describe, expect, it } from 'vitest';
import { GraphBuilder } from './graph-builder.ts';
import { graphHash } from './graph-hash.ts';
import type { Graph } from './types.ts';

const how = { implement: 'tensorflow', batchSize: 1 } as const;

function block(kernelSize: number, name = 'conv', channels = 8): Graph {
  const g = new GraphBuilder(name);
  const input = g.input([1, 14, 14, channels]);
  const convolved = g.conv2d(input, 16, { kernelSize });
  return g.build(g.activation(convolved, 'relu'));
}

describe('graphHash', () => {
  it('stays what it is: journals on disk hold it', () => {
    expect(graphHash(block(3), how)).toMatchInlineSnapshot(`"g1-06acd5ecaff7f39a"`);
  });

  it('has another one for an operator whose latencies were once measured wrong', () => {
    const g = new GraphBuilder('slopes');
    const graph = g.build(g.prelu(g.input([1, 4, 8])));
    const ofWrong = 'g1-eee00b17e86397c7';
    expect(graphHash(graph, { ...how, implement: 'torch' })).not.toBe(ofWrong);
  });

  it('sees every change that changes the latency', () => {
    const hashes = [
      graphHash(block(3), how),
      graphHash(block(7), how),
      graphHash(block(3, 'conv', 4), how),
      graphHash(block(3), { ...how, implement: 'torch' }),
      graphHash(block(3), { ...how, batchSize: 4 }),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('does not see names, the order of fields and fields that are undefined', () => {
    const graph = block(3);
    const my = (id: string): string => `my ${id}`;
    const renamed: Graph = {
      ...graph,
      name: 'other',
      inputs: graph.inputs.map((input) => ({ ...input, id: my(input.id) })),
      ops: graph.ops.map((op) => ({ ...op, inputs: op.inputs.map(my), outputs: op.outputs.map(my) })),
      outputs: graph.outputs.map(my),
    };
    const reordered = { ...graph, ops: graph.ops.map((op) => Object.fromEntries(Object.entries({ ...op, later: undefined }).reverse())) };
    expect(graphHash(renamed, how)).toBe(graphHash(graph, how));
    expect(graphHash(reordered as unknown as Graph, how)).toBe(graphHash(graph, how));
  });

  it('tells what is wired differently', () => {
    const wired = (second: 'a' | 'b'): Graph => ({
      ...block(3),
      inputs: [
        { id: 'a', shape: [1, 4] },
        { id: 'b', shape: [1, 4] },
      ],
      ops: [{ op: 'add', inputs: ['a', second], outputs: ['c'] }],
      outputs: ['c'],
    });
    expect(graphHash(wired('a'), how)).not.toBe(graphHash(wired('b'), how));
  });
});
