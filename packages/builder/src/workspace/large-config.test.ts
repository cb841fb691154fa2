import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRegistry } from '@nnm/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { initWorkspace } from './workspace.ts';
import { readWorkspaceConfig } from './workspace-config.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nnm large '));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const COUNT = 100_000;
const names = Array.from({ length: COUNT }, (_, i) => `ITERATOIN${i}`);
const head = 'IMPLEMENT: tensorflow\n';

/** Were the work quadratic, each of these would take minutes and end by the suite's limit. */
it.each([
  ['unknown keys', `${names.map((name) => `${name}: 1`).join('\n')}\n${head}KERNELS:\n  relu: {}\n`],
  ['unknown kernels', `${head}KERNELS:\n${names.map((name) => `  ${name}: {}`).join('\n')}\n`],
  ['times the same key', `${head}${'DETAIL: TRUE\n'.repeat(COUNT)}`],
])('%s: the first are told, all are counted', async (_, buildConfig) => {
  const workspace = await initWorkspace(folder, { buildConfig, backendConfig: 'BACKEND: none\n' }, 1);
  const error = (await readWorkspaceConfig(workspace, createRegistry([])).catch((error: unknown) => error)) as Error;
  expect(error).toMatchObject({ code: 'ERR_INVALID_FILE' });
  expect(error.message).toMatch(/has (100000|99999|100001) problems/);
  expect(error.message).toMatch(/\.\.\. and 999\d\d more/);
  expect(error.message.length).toBeLessThan(20_000);
});
