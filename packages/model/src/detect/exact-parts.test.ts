import { torchCpu } from '@nnm/backend-torch';
import { type Graph, GraphBuilder, type RunPart, type Runtime } from '@nnm/core';
import { network } from '@nnm/zoo';
import { describe, expect, it } from 'vitest';
import { exactParts, liftKernelGraph, modelParts, partDifferences, TORCH_CPU_RULES } from '../index.ts';

async function explain(graph: Graph): Promise<readonly RunPart[]> {
  const { default: start } = (await import(String(torchCpu.runtime))) as { default: (settings: unknown) => Promise<Runtime> };
  const runtime = await start(torchCpu.parseSettings({}));
  const parts = await runtime.explain?.(torchCpu.convert(graph, 'torch'));
  await runtime.close();
  return parts ?? [];
}

const g = new GraphBuilder('blocked');
const convolution = g.build(g.conv2d(g.input([1, 8, 8, 32]), 32, { kernelSize: 1 }));
const blocks = (await explain(convolution)).some(({ operators }) => operators.includes('ReorderInput'));

describe.skipIf(!blocks)('the rules agree with the runtime (needs a CPU with blocked channels)', () => {
  it.each(['mobilenet-v2', 'mobilenet-v3-small', 'resnet-18', 'efficientnet-b0', 'densenet-121', 'bert-tiny'])('on %s', async (name) => {
    const graph = network(name);
    const lifted = liftKernelGraph(graph, { implement: 'torch' });
    const explained = await explain(graph);
    const byLayout = Object.values(TORCH_CPU_RULES).map((rules) => {
      const { parts, madeBlocked, madePlain } = modelParts(lifted, rules);
      return {
        differences: partDifferences(lifted, exactParts(lifted, explained), parts),
        reorders: [madeBlocked.length, madePlain.length],
      };
    });
    const reorders = ['ReorderInput', 'ReorderOutput'].map((name) => explained.filter(({ operators }) => operators.includes(name)).length);
    // Whether blocks have 8 or 16 channels, the runtime does not say.
    expect(byLayout).toContainEqual({ differences: [], reorders });
  });
});
