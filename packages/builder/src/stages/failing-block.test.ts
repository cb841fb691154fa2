import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BaseBlock, createRegistry, definePlugin, runToEnd } from '@nnm/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { toyKernel } from '../../../core/src/kernel/__fixtures__/toy-kernels.ts';
import { SimulatedBackend } from '../__fixtures__/simulated-backend.ts';
import { buildPredictorForKernel, kernelGraph, workspaceContext } from '../index.ts';
import { createWorkspace, readWorkspaceConfig } from '../workspace/index.ts';

const toy = toyKernel('toy');

class MoodyBlock extends BaseBlock<{ readonly HW: number; readonly CIN: number }> {
  private readonly calm = new toy.block(this.config, this.batchSize);
  override get inputShape() {
    return this.calm.inputShape;
  }
  getModel() {
    if (this.config.HW === 7) throw new Error('seven is unlucky');
    return this.calm.getModel();
  }
}

const configs = [7, 14, 28].flatMap((HW) => Array.from({ length: 12 }, (_, index) => ({ HW, CIN: 16 + index })));
const moody = {
  ...toy,
  block: MoodyBlock,
  sampler: { priorConfigSampling: () => configs, finegrainedConfigSampling: () => [] },
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nnm failing block '));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('a block that throws for some configurations costs these and no others', async () => {
  const backend = new SimulatedBackend();
  const registry = createRegistry([definePlugin({ name: 'moody', apiVersion: 1, kernels: [moody], backends: [backend] })]);
  const kernelSettings = { initSampleNum: configs.length, holdoutSampleNum: 0, iteration: 1 };
  const workspace = await createWorkspace(path.join(folder, 'w'), { backend, kernels: ['toy'], kernelSettings });
  const context = workspaceContext(registry, workspace, await readWorkspaceConfig(workspace, registry));
  const { samples } = await runToEnd(buildPredictorForKernel('toy', context));
  expect(samples).toHaveLength(36);
  for (const sample of samples) {
    expect(sample.status).toBe(sample.config.HW === 7 ? 'failed' : 'ok');
    if (sample.status === 'failed') expect(sample.error).toMatchObject({ code: 'ERR_BLOCK_FAILED' });
  }
  expect(() => kernelGraph(moody, { HW: 7, CIN: 16 }, context)).toThrow('The block of toy cannot build HW=7,CIN=16: seven is unlucky');
});
