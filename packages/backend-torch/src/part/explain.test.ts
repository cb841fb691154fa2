import { type Graph, GraphBuilder, type RunPart, type ValueId } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import start from '../runtime.ts';
import { torchCpu } from '../torch-cpu-backend.ts';

const build = (write: (g: GraphBuilder) => ValueId): Graph => {
  const g = new GraphBuilder('explained');
  return g.build(write(g));
};

async function explain(graph: Graph, settings: object = {}): Promise<readonly RunPart[]> {
  const runtime = await start(torchCpu.parseSettings(settings));
  const parts = await runtime.explain?.(torchCpu.convert(graph, 'torch'));
  await runtime.close();
  return parts ?? [];
}

const dense = (g: GraphBuilder): ValueId => g.activation(g.dense(g.input([1, 8]), 4), 'relu');

describe.each(['c_api', 'javascript'])('through %s', (CALL) => {
  it('the parts of a model are named by the values that they compute', async () => {
    const [part, ...others] = await explain(build(dense), { CALL });
    expect(part?.operators).toEqual(['FusedGemm, Relu']);
    expect([...(part?.values ?? [])].sort()).toEqual(['activation1', 'dense0']);
    expect(others).toEqual([]);
  });

  it('are those of the optimisation that is asked for', async () => {
    expect(await explain(build(dense), { CALL, GRAPH_OPTIMIZATION: 'disabled' })).toHaveLength(2);
  });
});

it('values that the file does not have belong to what is made of them', async () => {
  const [part] = await explain(build((g) => g.gelu(g.input([1, 4, 8]), { approximate: 'tanh' })));
  expect(part?.operators).toContain('Mul');
});
