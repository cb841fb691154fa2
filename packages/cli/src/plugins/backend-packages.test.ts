import { readFile } from 'node:fs/promises';
import { createRegistry } from '@nnm/core';
import { afterEach, expect, test, vi } from 'vitest';
import { runCommand } from '../../test/run-command.ts';
import { makeTempProject, pluginPackage } from '../../test/temp-project.ts';
import Connect from '../commands/connect.ts';
import Create from '../commands/create.ts';
import { explainMissingParts } from './backend-packages.ts';
import { findPlugins } from './discover.ts';
import { userSource } from './sources.ts';

afterEach(() => vi.unstubAllEnvs());

const MISSING =
  /The backend torch_cpu comes with the package @nnm\/backend-torch, which is not installed\. \[ERR_BACKEND_NOT_INSTALLED\]\nHint: Run `nnm plugins add @nnm\/backend-torch`/;

test.each([
  ['create', Create, ['ws', '--backend', 'torch_cpu']],
  ['connect', Connect, ['--backend', 'torch_cpu']],
] as const)('`%s` names the package of a backend that is not installed', async (_, command, argv) => {
  await using project = await makeTempProject({ 'nnm.config.json': { builtins: false, discover: false } });
  const { stderr, exitCode } = await runCommand(command, argv, project.folder);
  expect(stderr).toMatch(MISSING);
  expect(exitCode).toBe(1);
});

test('a backend whose runtime is a package of its own names both', async () => {
  await using project = await makeTempProject({ 'nnm.config.json': { builtins: false, discover: false } });
  const { stderr, exitCode } = await runCommand(Create, ['ws', '--backend', 'ort_wasm'], project.folder);
  expect(stderr).toMatch(/`nnm plugins add @nnm\/backend-torch` and `npm install --ignore-scripts onnxruntime-web@[\d.]+`/);
  expect(exitCode).toBe(1);
});

test.each([
  ['ort_wasm', ['@nnm/backend-torch', 'onnxruntime-web']],
  ['torch_cpu', ['@nnm/backend-torch']],
  ['torch_cpu --device here', ['@nnm/backend-torch']],
  ['litert_wasm --device browser', ['@nnm/backend-litert', '@nnm/device-browser']],
  ['tflite_cpu --device ssh://pi@board', ['@nnm/backend-tflite', '@nnm/device-ssh']],
  ['tflite_cpu --device pi', ['@nnm/backend-tflite', '@nnm/device-ssh']],
])('`create --backend %s --install` has npm install %j', async (backend, packages) => {
  await using project = await makeTempProject({
    'nnm.config.json': { builtins: false, discover: false },
    'package.json': { name: 'mine' },
    'home/devices.json': { schemaVersion: 1, devices: { pi: { address: 'ssh://pi@board' } } },
    // Notes what it is asked for, and installs nothing.
    'npm-cli.js': "require('node:fs').appendFileSync(require('node:path').join(__dirname, 'asked'), process.argv.at(-1) + '\\n');",
  });
  vi.stubEnv('npm_execpath', project.path('npm-cli.js'));
  vi.stubEnv('NNM_HOME', project.path('home'));
  await runCommand(Create, ['ws', '--backend', ...backend.split(' '), '--install'], project.folder);
  const asked = (await readFile(project.path('asked'), 'utf8')).trim().split('\n');
  expect(asked.map((specifier) => specifier.replace(/(?<=.)@.*$/, ''))).toEqual(packages);
});

test('so does a workspace whose backend is not installed', async () => {
  await using project = await makeTempProject({
    'nnm.config.json': { builtins: false, discover: false },
    'ws/configs/backend_config.yaml': 'BACKEND: torch_cpu\n',
    'ws/configs/predictorbuild_config.yaml': 'IMPLEMENT: torch\nKERNELS: {}\n',
    'ws/predictor_build/manifest.json': { schemaVersion: 1, seed: 0, nnmVersion: '0.1.0' },
  });
  expect((await runCommand(Connect, ['-w', 'ws'], project.folder)).stderr).toMatch(MISSING);
});

test('a backend that nobody knows is still unknown', () => {
  expect(() => explainMissingParts(createRegistry([])).backend('torch_cpux')).toThrow('There is no backend "torch_cpux".');
});

test('packages that were installed for the user are found from every folder, those of the project first', async () => {
  await using home = await makeTempProject({
    'packages/package.json': { dependencies: { 'nnm-mine': '1.0.0', unmarked: '1.0.0' } },
    ...Object.fromEntries(
      [pluginPackage('nnm-mine', ['mine']), pluginPackage('unmarked', ['other'], { keywords: [] })]
        .flatMap((files) => Object.entries(files))
        .map(([file, content]) => [`packages/${file}`, content]),
    ),
  });
  await using project = await makeTempProject({});
  vi.stubEnv('NNM_HOME', home.folder);
  const { plugins } = await findPlugins({ cwd: project.folder, sources: [userSource] });
  const file = home.path('packages', 'package.json');
  expect(plugins.map(({ plugin, origin }) => [plugin.name, origin])).toEqual([['nnm-mine', { kind: 'dependency', file }]]);
});
