import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCommand } from '../../test/run-command.ts';
import { makeTempProject, pluginPackage, type TempProject } from '../../test/temp-project.ts';
import Create from './create.ts';
import Doctor from './doctor.ts';
import Kernels from './kernels.ts';
import PluginsList from './plugins/list.ts';
import Predict from './predict.ts';
import Trust from './trust.ts';

let home: TempProject;
beforeEach(async () => {
  home = await makeTempProject({});
  vi.stubEnv('NNM_TRUST', undefined);
  vi.stubEnv('NNM_HOME', home.folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await home[Symbol.asyncDispose]();
});

/** Source of a module that leaves a trace of having run. */
const traced = (value: string) => `import { writeFileSync } from 'node:fs';
writeFileSync(new URL('./ran', import.meta.url), '');
export default ${value};
`;
const PLUGIN = "{ name: 'stranger', apiVersion: 1, kernels: [] }";

const STRANGERS: Readonly<Record<string, Readonly<Record<string, string | object>>>> = {
  'a config that is a program': { 'nnm.config.mjs': traced('{}') },
  'a config that is TypeScript': { 'nnm.config.ts': traced('{} as object') },
  'a config that names a module': { 'nnm.config.json': { plugins: ['./it.mjs'] }, 'it.mjs': traced(PLUGIN) },
  'a key of package.json': { 'package.json': { nnm: { plugins: ['./it.mjs'] } }, 'it.mjs': traced(PLUGIN) },
  'a dependency': {
    'package.json': { dependencies: { 'nnm-it': '1.0.0' } },
    ...pluginPackage('nnm-it', []),
    'node_modules/nnm-it/index.js': traced(PLUGIN).replace('./ran', '../../ran'),
  },
};

describe.each(Object.entries(STRANGERS))('code of a folder that nobody knows: %s', (_, files) => {
  let project: TempProject;
  const ran = () => existsSync(project.path('ran'));
  beforeEach(async () => {
    project = await makeTempProject(files);
  });
  afterEach(() => project[Symbol.asyncDispose]());

  it('does not run, and the error says what to do', async () => {
    const { stderr, exitCode } = await runCommand(Kernels, [], project.folder);
    expect([ran(), exitCode]).toEqual([false, 1]);
    expect(stderr).toMatch(
      /is a program, and nobody has said that nnm may run it\. \[ERR_NOT_TRUSTED\]\nHint: .*`nnm trust`.*--trust.*NNM_TRUST=1/,
    );
  });

  it('is shown by `plugins list` and `doctor`, and does not run there either', async () => {
    expect((await runCommand(PluginsList, [], project.folder)).stdout).toMatch(/^! .*nobody has said/m);
    const { stdout, exitCode } = await runCommand(Doctor, [], project.folder);
    expect([ran(), exitCode, stdout]).toEqual([false, 1, expect.stringContaining('ERR_NOT_TRUSTED')]);
  });

  it('runs with --trust, which is not remembered', async () => {
    expect((await runCommand(Kernels, ['--trust'], project.folder)).exitCode).toBe(0);
    expect(ran()).toBe(true);
    expect((await runCommand(Kernels, [], project.folder)).exitCode).toBe(1);
  });

  it('is left out with --no-trust', async () => {
    const { exitCode, stdout, stderr } = await runCommand(Kernels, ['--no-trust'], project.folder);
    expect([ran(), exitCode, stdout]).toEqual([false, 0, expect.stringContaining('conv-bn-relu')]);
    expect(stderr).toContain('you have not allowed nnm to run it');
  });

  it('runs after `nnm trust`, which says what, and not after --refuse', async () => {
    expect((await runCommand(Trust, ['--json'], project.folder)).json()).toMatchObject({
      changed: [{ folder: project.folder, code: [expect.any(String)] }],
      folders: { [project.folder]: true },
    });
    expect(ran()).toBe(false);
    expect((await runCommand(Kernels, [], project.folder)).exitCode).toBe(0);
    expect(ran()).toBe(true);
    await runCommand(Trust, ['--refuse'], project.folder);
    expect((await runCommand(Kernels, [], project.folder)).stderr).toContain('you have not allowed nnm to run it');
    await runCommand(Trust, ['--forget'], project.folder);
    expect((await runCommand(Trust, ['--list', '--json'], project.folder)).json()).toMatchObject({ folders: {} });
  });
});

it('trust in a folder is no trust in those below it', async () => {
  await using project = await makeTempProject({
    '.git/HEAD': '',
    'nnm.config.json': { plugins: [] },
    'downloads/ws/nnm.config.mjs': traced('{}'),
  });
  await runCommand(Trust, [], project.folder);
  expect((await runCommand(Kernels, [], project.path('downloads', 'ws'))).exitCode).toBe(1);
  expect(existsSync(project.path('downloads', 'ws', 'ran'))).toBe(false);
});

it('a config without code needs no trust', async () => {
  await using project = await makeTempProject({ '.nnmrc': 'discover: false' });
  expect(await runCommand(Kernels, [], project.folder)).toMatchObject({ exitCode: 0, stderr: '' });
});

it('code is never run because of --workspace, trusted or not', async () => {
  await using project = await makeTempProject({ 'ws/nnm.config.mjs': traced('{}'), 'mine/file.txt': '' });
  await runCommand(Create, [project.path('made'), '--backend', 'torch_cpu', '--kernels', 'relu'], project.path('mine'));
  await runCommand(Trust, [project.path('ws')], project.folder);
  for (const flags of [[], ['--trust']]) {
    await runCommand(Predict, ['relu', '-w', project.path('ws'), '-c', 'HW=7,CIN=8', ...flags], project.path('mine'));
  }
  expect(existsSync(project.path('ws', 'ran'))).toBe(false);
});
