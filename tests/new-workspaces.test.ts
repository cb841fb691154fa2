import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import backendLitert from '@nnm/backend-litert';
import backendTfjs from '@nnm/backend-tfjs';
import backendTflite from '@nnm/backend-tflite';
import backendTorch from '@nnm/backend-torch';
import { createRegistry, createWorkspace, readWorkspaceConfig } from '@nnm/builder';
import { deviceOf } from '@nnm/core';
import deviceBrowser from '@nnm/device-browser';
import kernelsMisc from '@nnm/kernels-misc';
import { expect, it } from 'vitest';

const registry = createRegistry([kernelsMisc, backendLitert, backendTfjs, backendTflite, backendTorch, deviceBrowser]);

/** Where a new workspace of a backend measures, with a line of one's own in `configs/backend_config.yaml`. */
async function deviceOfNew(id: string, line = ''): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'nnm-new-'));
  try {
    const workspace = await createWorkspace(path.join(folder, 'ws'), { backend: registry.backend(id), kernels: ['relu'] });
    await appendFile(workspace.paths.backendConfig, line);
    const { backend } = await readWorkspaceConfig(workspace, registry);
    expect(backend.id).toBe(id);
    return deviceOf(backend)?.id ?? 'here';
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const backends = registry.backends.map(({ value }) => value);

it.each(backends)('a new workspace of $id can be used as it is written, where the backend runs', async ({ id, browser }) => {
  expect(await deviceOfNew(id)).toBe(browser?.only ? 'browser' : 'here');
});

it.each(backends.filter(({ browser }) => browser && !browser.only))('a workspace of $id measures where its file says', async ({ id }) => {
  expect(await deviceOfNew(id, 'DEVICE: browser\n')).toBe('browser');
  expect(await deviceOfNew(id, 'DEVICE: host\n')).toBe('here');
});
