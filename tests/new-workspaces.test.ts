import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import backendTfjs from '@nnm/backend-tfjs';
import backendTflite from '@nnm/backend-tflite';
import backendTorch from '@nnm/backend-torch';
import { createRegistry, createWorkspace, readWorkspaceConfig } from '@nnm/builder';
import kernelsMisc from '@nnm/kernels-misc';
import { expect, it } from 'vitest';

const registry = createRegistry([kernelsMisc, backendTfjs, backendTflite, backendTorch]);

it.each(registry.backends.map(({ value }) => value.id))('a new workspace of %s can be used as it is written', async (id) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'nnm-new-'));
  try {
    const backend = registry.backend(id);
    const workspace = await createWorkspace(path.join(folder, 'ws'), { backend, kernels: ['relu'] });
    expect((await readWorkspaceConfig(workspace, registry)).backend.id).toBe(id);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
