import { torchCpu } from '@nnm/backend-torch';
import type { Json, Runtime } from '@nnm/core';
import { network } from '@nnm/zoo';
import { describe, expect, it } from 'vitest';
import { bundleRules, exactParts, liftKernelGraph, modelParts, partDifferences } from '../index.ts';

const { default: start } = (await import(String(torchCpu.runtime))) as { default: (settings: unknown) => Promise<Runtime> };

/** What the runtime makes of a network, and what the rules of its layout say. */
async function compare(name: string) {
  const runtime = await start(torchCpu.parseSettings({}));
  const graph = network(name);
  const lifted = liftKernelGraph(graph, { implement: 'torch' });
  const explained = (await runtime.explain?.(torchCpu.convert(graph, 'torch'))) ?? [];
  await runtime.close();
  const environment = { runtime: runtime.info } as unknown as Json;
  const { parts, madeBlocked, madePlain } = modelParts(lifted, bundleRules({ backend: 'torch_cpu', environment }));
  const counts = (operator: string): number => explained.filter(({ operators }) => operators.includes(operator)).length;
  return {
    layout: runtime.info.layout,
    differences: partDifferences(lifted, exactParts(lifted, explained), parts),
    reorders: [madeBlocked.length - counts('ReorderInput'), madePlain.length - counts('ReorderOutput')],
  };
}

describe('the rules of its layout agree with the runtime', () => {
  it.each(['mobilenet-v2', 'mobilenet-v3-small', 'resnet-18', 'efficientnet-b0', 'densenet-121', 'swin-t', 'bert-tiny'])(
    'on %s',
    async (name) => {
      expect(await compare(name)).toMatchObject({
        layout: expect.stringMatching(/^nchw(c8|c16)?$/),
        differences: [],
        reorders: [0, 0],
      });
    },
  );
});
