import { expect, test } from 'vitest';
import { makeTempProject } from '../../test/temp-project.ts';
import { findNnmConfig } from './nnm-config.ts';

test.each([
  ['nnm.config.json', '{ "builtins": false }'],
  ['nnm.config.mjs', 'export default { builtins: false };'],
  ['nnm.config.cjs', 'module.exports = { builtins: false };'],
  ['nnm.config.ts', 'const builtins: boolean = false;\nexport default { builtins };'],
  ['nnm.config.mts', 'export default { builtins: false as boolean };'],
  ['.nnmrc', 'builtins: false'],
  ['.nnmrc.yaml', 'builtins: false'],
  ['.nnmrc.json', '{ "builtins": false }'],
  ['package.json', '{ "name": "x", "nnm": { "builtins": false } }'],
])('reads %s from a folder above', async (name, text) => {
  await using project = await makeTempProject({ [name]: text, '.git/HEAD': '', 'a/package.json': '{}', 'a/b/file.txt': '' });
  expect(await findNnmConfig(project.path('a', 'b'))).toEqual({ file: project.path(name), config: { builtins: false }, isUsers: false });
});

test('the nearest config wins', async () => {
  await using project = await makeTempProject({ '.git/HEAD': '', '.nnmrc': 'builtins: false', 'a/.nnmrc': 'builtins: true' });
  expect((await findNnmConfig(project.path('a')))?.file).toBe(project.path('a', '.nnmrc'));
});

test.each([
  ['a package.json', { 'a/package.json': '{}' }],
  ['a repository', { 'a/.git/HEAD': '' }],
])('a config above the project is not looked at: %s', async (_, files) => {
  await using project = await makeTempProject({ '.nnmrc': 'builtins: false', 'a/file.txt': '', ...files });
  expect(await findNnmConfig(project.path('a'))).toBeUndefined();
});

test.each(['nnm.config.json', '.nnmrc', '.nnmrc.yaml', '.nnmrc.json', 'package.json'])(
  '%s may begin with a byte order mark',
  async (name) => {
    const config = '{ "builtins": false }';
    await using project = await makeTempProject({ [name]: `\uFEFF${name === 'package.json' ? `{ "nnm": ${config} }` : config}` });
    expect((await findNnmConfig(project.folder))?.config).toEqual({ builtins: false });
  },
);

test.each([
  ['malformed JSON', 'nnm.config.json', '{ "plugins": [', /JSON/],
  ['malformed YAML', '.nnmrc.yaml', 'plugins: [a, b', /YAML/],
  ['a module that throws', 'nnm.config.mjs', 'throw new Error("boom")', /failed while it was imported: Error: boom/],
  [
    'a module that fails to read a file',
    'nnm.config.mjs',
    "import { readFileSync } from 'node:fs'; readFileSync('/no/such/file');",
    /ENOENT/,
  ],
  ['a module without default export', 'nnm.config.mjs', 'export const plugins = [];', /its default export is missing/],
  ['a list', 'nnm.config.json', '["a"]', /must be an object, got a list/],
])('refuses %s, naming the file', async (_, name, text, message) => {
  await using project = await makeTempProject({ [name]: text });
  const error = await findNnmConfig(project.folder).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'ERR_INVALID_FILE', details: { file: project.path(name) } });
  expect((error as Error).message).toMatch(message);
});

test('reports every problem at once, with the nearest key', async () => {
  await using project = await makeTempProject({ '.nnmrc.json': { plugin: [], plugins: ['ok', 3, ''], builtins: 'no' } });
  const error = (await findNnmConfig(project.folder).catch((reason: unknown) => reason)) as { details: { problems: unknown[] } };
  expect(error.details.problems).toEqual([
    { key: 'plugin', message: 'is not a key of an nnm config, did you mean plugins?' },
    { key: 'plugins[1]', message: 'must be a package name, a path or a plugin, got 3' },
    { key: 'plugins[2]', message: 'must be a package name, a path or a plugin, got ""' },
    { key: 'builtins', message: 'must be true or false, got "no"' },
  ]);
});
