import { readFile } from 'node:fs/promises';
import type { ExplainedSetting } from '@nnm/builder';
import { expect, it, vi } from 'vitest';
import { runCommand } from '../../test/run-command.ts';
import { editFile, makeSimulatedWorkspace } from '../../test/simulated-workspace.ts';
import Config from './config.ts';

it('shows every setting, with the line that it stands in or that it is the default', async () => {
  await using project = await makeSimulatedWorkspace();
  const file = project.path('ws', 'configs', 'predictorbuild_config.yaml');
  await editFile(file, (text) => text.replace(/^( +)(ITERATION: 2.*)$/m, '$1$2\n$1MAX_FLOPS: 1000000'));
  const { stdout, stderr, exitCode } = await runCommand(Config, ['ws'], project.folder);
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toMatch(/^IMPLEMENT +tensorflow +ws.configs.predictorbuild_config\.yaml:\d+$/m);
  expect(stdout).toMatch(/^KERNELS\.toy\.ITERATION +2 +ws.configs.predictorbuild_config\.yaml:\d+$/m);
  expect(stdout).toMatch(/^KERNELS\.toy\.MAX_BYTES +100000000 +default$/m);
  expect(stdout).toMatch(/^BACKEND +simulated +ws.configs.backend_config\.yaml:\d+$/m);
  const { settings } = (await runCommand(Config, ['ws', '--json'], project.folder)).json() as { settings: readonly ExplainedSetting[] };
  expect(settings.find(({ key }) => key === 'KERNELS.toy.MAX_FLOPS')).toMatchObject({ value: 1_000_000, from: 'file', file });
  expect(settings.find(({ key }) => key === 'seed')).toMatchObject({ value: 5 });
  expect(settings.find(({ key }) => key === 'DELAY')).toMatchObject({ value: 0 });
});

it('shows what variables say instead, and those of the program and its backends', async () => {
  await using project = await makeSimulatedWorkspace();
  vi.stubEnv('NNM_BATCH_SIZE', '2');
  vi.stubEnv('NNM_BACKEND_DELAY', '1');
  vi.stubEnv('NNM_WORKSPACE', 'ws');
  vi.stubEnv('NNM_SEED', '9');
  vi.stubEnv('NNM_HOME', project.path('home'));
  vi.stubEnv('NNM_CACHE_DIR', project.path('home')); // as the program sets it
  try {
    const { stdout, stderr, exitCode } = await runCommand(Config, [], project.folder);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain('The environment variable NNM_BATCH_SIZE counts in place of');
    expect(stdout).toMatch(/^BATCH_SIZE +2 +NNM_BATCH_SIZE$/m);
    expect(stdout).toMatch(/^DELAY +1 +NNM_BACKEND_DELAY$/m);
    expect(stdout).toMatch(/^NNM_WORKSPACE +ws +NNM_WORKSPACE$/m);
    expect(stdout).toMatch(/^seed +9 +NNM_SEED$/m);
    expect(stdout).toMatch(/^NNM_HOME .* NNM_HOME$/m);
    expect(stdout).not.toMatch(/^NNM_(SEED|CACHE_DIR) /m);
    expect(stdout.match(/^DELAY /gm)).toHaveLength(1);
  } finally {
    vi.unstubAllEnvs();
  }
});

it('prints the schemas', async () => {
  await using project = await makeSimulatedWorkspace();
  const written = await readFile(project.path('ws', 'configs', 'predictorbuild_config.schema.json'), 'utf8');
  const { stdout } = await runCommand(Config, ['ws', '--schema', 'build'], project.folder);
  expect(stdout.trimEnd()).toBe(written.trimEnd());
  expect((await runCommand(Config, ['ws', '--schema', 'backend', '--json'], project.folder)).json()).toMatchObject({
    properties: { BACKEND: { const: 'simulated' } },
    additionalProperties: true,
  });
});
