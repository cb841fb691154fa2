import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CORE_VERSION } from '@nnm/core';
import { kernelContract, ReferenceBackend, runContract } from '@nnm/core/testing';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../../test/run-command.ts';
import { makeTempProject, pluginSource } from '../../../test/temp-project.ts';
import { importModule } from '../../plugins/import-module.ts';
import { addToConfig, removeFromConfig } from '../../project/edit-config.ts';
import Doctor from '../doctor.ts';
import Kernels from '../kernels.ts';
import PluginsAdd from './add.ts';
import PluginsCheck from './check.ts';
import Plugins from './index.ts';
import PluginsList from './list.ts';
import PluginsNew from './new.ts';
import PluginsRemove from './remove.ts';

const read = (...path: string[]) => readFile(join(...path), 'utf8');

describe('nnm plugins new', () => {
  it('writes a package under the names it is given', async () => {
    await using project = await makeTempProject({});
    const { stdout, exitCode } = await runCommand(PluginsNew, ['kernel', 'gated-conv'], project.folder);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('nnm plugins add ./gated-conv');
    const written = JSON.parse(await read(project.folder, 'gated-conv', 'package.json')) as Record<string, unknown>;
    expect(written).toMatchObject({
      name: 'nnm-kernel-gated-conv',
      keywords: ['nnm', 'nnm-plugin'],
      peerDependencies: { '@nnm/core': `>=${CORE_VERSION} <1.0.0` },
    });
    const source = await read(project.folder, 'gated-conv', 'src', 'gated-conv.ts');
    expect(source).toContain("type: 'gated-conv'");
    expect(source).toContain('class GatedConvBlock');
    for (const file of ['src/gated-conv.ts', 'src/index.ts', 'src/gated-conv.test.ts', 'package.json', 'README.md', '.gitignore']) {
      expect(await read(project.folder, 'gated-conv', file)).not.toMatch(/template/i);
    }
  });

  it('gives a backend an id with underscores, and a package the name that is wished for', async () => {
    await using project = await makeTempProject({});
    const argv = ['backend', 'my-board', '--package', '@me/board', '--folder', 'deep/place', '--json'];
    const { json } = await runCommand(PluginsNew, argv, project.folder);
    expect(json()).toMatchObject({
      folder: project.path('deep', 'place'),
      files: expect.arrayContaining(['src/my-board-backend.ts', 'src/runtime.ts']),
    });
    expect(await read(project.folder, 'deep', 'place', 'src', 'my-board-backend.ts')).toContain("id = 'my_board'");
    expect(await read(project.folder, 'deep', 'place', 'package.json')).toContain('"name": "@me/board"');
  });

  it('does not say backend twice', async () => {
    await using project = await makeTempProject({});
    await runCommand(PluginsNew, ['backend', 'my-backend'], project.folder);
    const source = await read(project.folder, 'my-backend', 'src', 'my-backend.ts');
    expect(source).toContain('class MyBackend ');
    expect(await read(project.folder, 'my-backend', 'src', 'my-backend.test.ts')).toContain("from './my-backend.ts'");
  });

  it.each([
    [['kernel', 'My_Kernel'], /`name` must be lower-case letters and digits, with - or _ between them.*Got "My_Kernel"/],
    [['kernel', 'fine', '--package', 'Not Fine'], /`package` must be a name that npm accepts/],
    [['kernel', 'full'], /The folder .*full is not empty: it has a\.txt/],
    [['engine', 'x'], /Expected engine to be one of: kernel, backend/],
  ])('refuses %j', async (argv, message) => {
    await using project = await makeTempProject({ 'full/a.txt': 'text' });
    const { stderr, exitCode } = await runCommand(PluginsNew, argv, project.folder);
    expect(stderr).toMatch(message);
    expect(exitCode).toBeGreaterThan(0);
  });

  it('writes a kernel that meets the contract', async () => {
    await using project = await makeTempProject({});
    await runCommand(PluginsNew, ['kernel', 'my-kernel'], project.folder);
    const { myKernel } = (await importModule(new URL('../../../templates/kernel/src/template-name.ts', import.meta.url).href).then(
      ({ templateName }) => ({ myKernel: templateName }),
    )) as { myKernel: Parameters<typeof kernelContract>[0] };
    const results = await runContract(kernelContract(myKernel, { backends: [new ReferenceBackend()] }));
    expect(results.filter(({ error }) => error !== undefined)).toEqual([]);
  });
});

describe('nnm plugins add', () => {
  it.each(['--prefix=elsewhere', '-g', ' --prefix=x', '', 'a"b', 'a\nb'])('passes %j on to nobody', async (specifier) => {
    await using project = await makeTempProject({ 'package.json': {} });
    const { stderr, exitCode } = await runCommand(PluginsAdd, ['--', specifier], project.folder);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('[ERR_USAGE]')]);
    expect(await read(project.folder, 'package.json')).toBe('{}');
  });
});

describe('nnm plugins list', () => {
  it('shows an id that two plugins provide, which costs nothing but itself', async () => {
    await using project = await makeTempProject({
      'nnm.config.json': { builtins: false, plugins: ['./a.mjs', './b.mjs'] },
      'a.mjs': pluginSource('plugin-a', ['twin', 'one']),
      'b.mjs': pluginSource('plugin-b', ['twin', 'two']),
    });
    const message = 'Both plugin-a and plugin-b provide the kernel "twin".';
    expect((await runCommand(PluginsList, [], project.folder)).stdout).toContain(`! kernel twin: ${message}`);
    expect((await runCommand(Doctor, [], project.folder)).stdout).toContain(message);
    const kernels = await runCommand(Kernels, ['--json'], project.folder);
    expect((kernels.json() as { type: string }[]).map(({ type }) => type)).toEqual(['one', 'two']);
    expect((await runCommand(Kernels, ['twin'], project.folder)).stderr).toContain(`Error: ${message} [ERR_DUPLICATE_ID]`);
  });

  it('shows what applies, where it comes from, and what cannot be loaded', async () => {
    await using project = await makeTempProject({
      'nnm.config.json': { builtins: false, plugins: ['./mine.mjs', './broken.mjs', 'nnm-missing'] },
      'mine.mjs': pluginSource('nnm-mine', ['one', 'two']),
      'broken.mjs': "throw new Error('no licence');",
    });
    for (const command of [PluginsList, Plugins]) {
      const { stdout, exitCode } = await runCommand(command, [], project.folder);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^\* nnm-mine +2 +nnm\.config\.json$/m);
      expect(stdout).toMatch(
        /! \.\/broken\.mjs: The plugin "\.\/broken\.mjs" \(nnm\.config\.json\) failed while it was imported: Error: no licence/,
      );
      expect(stdout).toMatch(/! nnm-missing: The plugin "nnm-missing" .* cannot be found/);
    }
    expect((await runCommand(PluginsList, ['--json'], project.folder)).json()).toEqual([
      expect.objectContaining({ name: 'nnm-mine', kernels: ['one', 'two'] }),
      expect.objectContaining({ name: './broken.mjs', error: expect.objectContaining({ code: 'ERR_PLUGIN_IMPORT' }) }),
      expect.objectContaining({ name: 'nnm-missing', error: expect.objectContaining({ code: 'ERR_PLUGIN_NOT_FOUND' }) }),
    ]);
  });
});

describe('nnm plugins check', () => {
  it('says of a broken plugin what is not met', async () => {
    await using project = await makeTempProject({
      'nnm.config.json': { builtins: false, plugins: ['./mine.mjs'] },
      'mine.mjs': pluginSource('nnm-mine', ['one']),
    });
    const { stdout, stderr, exitCode } = await runCommand(PluginsCheck, ['nnm-mine'], project.folder);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/✗ kernel one: \d+ of \d+ requirements met/);
    expect(stdout).toMatch(/✗ prior sampling returns exactly n distinct configurations/);
    expect(stderr).toMatch(/nnm-mine does not meet \d+ requirements of the contract\. \[ERR_CONTRACT_NOT_MET\]/);
  });
});

describe('nnm plugins remove', () => {
  it('takes a plugin out of the config, and knows what is not there', async () => {
    await using project = await makeTempProject({ 'package.json': {}, 'nnm.config.json': { plugins: ['./mine.mjs', 'other'] } });
    expect(await runCommand(PluginsRemove, ['./mine.mjs'], project.folder)).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(await read(project.folder, 'nnm.config.json'))).toEqual({ plugins: ['other'] });
    expect((await runCommand(PluginsRemove, ['nothing'], project.folder)).stderr).toMatch(
      /has no plugin "nothing"\. \[ERR_PLUGIN_NOT_IN_PROJECT\]/,
    );
  });
});

describe('the nnm config', () => {
  it.each([
    ['nnm.config.json', '{\n    "builtins": true\n}\n', '{\n    "builtins": true,\n    "plugins": [\n        "nnm-x"\n    ]\n}\n'],
    ['.nnmrc.yaml', '# mine\nplugins:\n  - a # first\nbuiltins: true\n', '# mine\nplugins:\n  - a # first\n  - nnm-x\nbuiltins: true\n'],
    ['.nnmrc', 'builtins: true\n', 'builtins: true\nplugins:\n  - nnm-x\n'],
    [
      'package.json',
      '{\n  "name": "p",\n  "nnm": {}\n}\n',
      '{\n  "name": "p",\n  "nnm": {\n    "plugins": [\n      "nnm-x"\n    ]\n  }\n}\n',
    ],
  ])('%s keeps its form and comments', async (name, before, after) => {
    await using project = await makeTempProject({ [name]: before });
    expect(await addToConfig(project.folder, 'nnm-x')).toEqual({ file: project.path(name), outcome: 'changed' });
    expect(await read(project.folder, name)).toBe(after);
    expect(await addToConfig(project.folder, 'nnm-x')).toMatchObject({ outcome: 'unchanged' });
    expect(await removeFromConfig(project.folder, 'nnm-x')).toMatchObject({ outcome: 'changed' });
    expect(await read(project.folder, name)).not.toContain('nnm-x');
  });

  it('that is a program is left to its author', async () => {
    await using project = await makeTempProject({ 'nnm.config.mjs': 'export default { plugins: [] };\n' });
    expect(await addToConfig(project.folder, 'nnm-x')).toEqual({ file: project.path('nnm.config.mjs'), outcome: 'manual' });
  });

  it('is made when there is none', async () => {
    await using project = await makeTempProject({ 'package.json': {} });
    await writeFile(project.path('package.json'), '{}');
    await addToConfig(project.folder, 'nnm-x');
    expect(JSON.parse(await read(project.folder, 'nnm.config.json'))).toEqual({ plugins: ['nnm-x'] });
  });
});
