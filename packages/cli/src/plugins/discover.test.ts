import { expect, test } from 'vitest';
import { makeTempProject, pluginPackage, pluginSource } from '../../test/temp-project.ts';
import { discoverPlugins, findPlugins } from './discover.ts';
import type { PluginSource } from './sources.ts';

const OWN = { builtins: false };

function sourceOf(id: PluginSource['id'], name: string): PluginSource {
  const origin = id === 'builtin' ? { kind: id } : { kind: id, file: `/${id}` };
  return { id, find: async () => [{ specifier: name, origin, load: async () => ({ name, apiVersion: 1 }) }] };
}

test('without a config file the built-in plugins load', async () => {
  await using project = await makeTempProject({});
  const { registry, originOf, config } = await discoverPlugins({ cwd: project.folder });
  expect(config).toBeUndefined();
  expect(registry.kernels.map(({ value }) => value.type)).toContain('conv-bn-relu');
  expect(registry.backends.map(({ value }) => value.id)).toEqual(expect.arrayContaining(['tflite_cpu', 'torch_cpu']));
  expect(originOf('@nnm/kernels-conv')).toEqual({ kind: 'builtin' });
});

test('plugins named in the config come first, then marked dependencies, from wherever they are installed', async () => {
  await using project = await makeTempProject({
    'package.json': { dependencies: { 'nnm-dep': '1', plain: '1', absent: '1' }, devDependencies: { 'nnm-first': '1' } },
    'nnm.config.json': { ...OWN, plugins: ['nnm-first', './mine.mjs'] },
    'mine.mjs': pluginSource('mine', ['mine-kernel']),
    ...pluginPackage('nnm-first', ['first-kernel']),
    ...pluginPackage('nnm-dep', ['dep-kernel']),
    ...pluginPackage('plain', ['plain-kernel'], { keywords: ['other'] }),
    ...pluginPackage('not-listed', ['stray-kernel']),
    'deep/er/file.txt': '',
  });
  const { plugins, registry, notes } = await discoverPlugins({ cwd: project.path('deep', 'er') });
  expect(plugins.map(({ plugin, origin }) => [plugin.name, origin.kind])).toEqual([
    ['nnm-first', 'config'],
    ['mine', 'config'],
    ['nnm-dep', 'dependency'],
  ]);
  expect(registry.kernels.map(({ value }) => value.type)).toEqual(['first-kernel', 'mine-kernel', 'dep-kernel']);
  expect(plugins[0]!.origin).toEqual({ kind: 'config', file: project.path('nnm.config.json') });
  expect(plugins[2]!.origin).toEqual({ kind: 'dependency', file: project.path('package.json') });
  expect(notes).toEqual([]);
});

test('`discover: false` leaves dependencies alone', async () => {
  await using project = await makeTempProject({
    'package.json': { dependencies: { 'nnm-dep': '1' }, nnm: { ...OWN, discover: false } },
    ...pluginPackage('nnm-dep', ['dep-kernel']),
  });
  expect((await discoverPlugins({ cwd: project.folder })).plugins).toEqual([]);
});

test('a config plugin takes the place of the built-in one of the same name, and says so', async () => {
  await using project = await makeTempProject({});
  const sources = [sourceOf('config', 'x'), sourceOf('dependency', 'x'), sourceOf('builtin', 'x'), sourceOf('builtin', 'y')];
  const { plugins, notes } = await findPlugins({ cwd: project.folder, sources });
  expect(plugins.map(({ plugin, origin }) => [plugin.name, origin.kind])).toEqual([
    ['x', 'config'],
    ['y', 'builtin'],
  ]);
  expect(notes).toHaveLength(1);
  expect(notes[0]).toMatch(/^x from .*config takes the place of the built-in one\.$/);
});

test('a plugin object that is also built in keeps the origin "built in"', async () => {
  const plugin = { name: 'same', apiVersion: 1 };
  const candidate = (kind: 'dependency' | 'builtin'): PluginSource => ({
    id: kind,
    find: async () => [
      { specifier: 'same', origin: kind === 'builtin' ? { kind } : { kind, file: '/package.json' }, load: async () => plugin },
    ],
  });
  const { plugins, notes } = await findPlugins({ sources: [candidate('dependency'), candidate('builtin')] });
  expect(plugins).toEqual([{ specifier: 'same', plugin, origin: { kind: 'builtin' } }]);
  expect(notes).toEqual([]);
});

test('two plugins with one kernel id are refused, naming both', async () => {
  await using project = await makeTempProject({
    'nnm.config.json': { ...OWN, plugins: ['./a.mjs', './b.mjs'] },
    'a.mjs': pluginSource('plugin-a', ['twin']),
    'b.mjs': pluginSource('plugin-b', ['twin']),
  });
  await expect(discoverPlugins({ cwd: project.folder })).rejects.toMatchObject({
    code: 'ERR_DUPLICATE_ID',
    message: 'Both plugin-a and plugin-b provide the kernel "twin".',
  });
});

test('a broken plugin is a failure beside the others, and fatal only where all are needed', async () => {
  await using project = await makeTempProject({
    'nnm.config.json': { ...OWN, plugins: ['./broken.mjs', './good.mjs'] },
    'broken.mjs': 'throw new TypeError("no such thing");',
    'good.mjs': pluginSource('good'),
  });
  const { plugins, failures } = await findPlugins({ cwd: project.folder });
  expect(plugins.map(({ plugin }) => plugin.name)).toEqual(['good']);
  expect(failures).toMatchObject([{ specifier: './broken.mjs', error: { code: 'ERR_PLUGIN_IMPORT' } }]);
  await expect(discoverPlugins({ cwd: project.folder })).rejects.toMatchObject({
    code: 'ERR_PLUGIN_IMPORT',
    message: expect.stringContaining('TypeError: no such thing'),
  });
});
