import { expect, test } from 'vitest';
import { makeTempProject, pluginSource } from '../../test/temp-project.ts';
import { loadPlugin } from './load-plugin.ts';

async function load(files: Record<string, string | object>, specifier: string) {
  const project = await makeTempProject(files);
  const file = project.path('nnm.config.json');
  return { project, loading: loadPlugin(specifier, file, { kind: 'config', file }) };
}

test.each([
  ['an ES module', './plugin.mjs', { 'plugin.mjs': pluginSource('it') }],
  ['a CommonJS module', './plugin.cjs', { 'plugin.cjs': "module.exports = { name: 'it', apiVersion: 1 };" }],
  [
    'a CommonJS module compiled from ESM',
    './plugin.cjs',
    { 'plugin.cjs': "exports.__esModule = true; exports.default = { name: 'it', apiVersion: 1 };" },
  ],
  [
    'a TypeScript module',
    './plugin.ts',
    { 'package.json': { type: 'module' }, 'plugin.ts': "const name: string = 'it';\nexport default { name, apiVersion: 1 as number };" },
  ],
  [
    'TypeScript that is more than JavaScript with types',
    './plugin.ts',
    {
      'package.json': { type: 'module' },
      'plugin.ts': "enum Version { One = 1 }\nexport default { name: 'it', apiVersion: Version.One };",
    },
  ],
  [
    'TypeScript in a CommonJS package that imports its neighbours without or with a JavaScript ending',
    './plugin.ts',
    {
      'package.json': { type: 'commonjs' },
      'plugin.ts': "import { name } from './name';\nimport { version } from './version.js';\nexport default { name, apiVersion: version };",
      'name.ts': "export const name: string = 'it';",
      'version.ts': 'export const version: number = 1;',
    },
  ],
  [
    'a package that only exports for import',
    'it',
    { 'node_modules/it/package.json': { name: 'it', exports: { import: './x.mjs' } }, 'node_modules/it/x.mjs': pluginSource('it') },
  ],
  ['a package folder with exports', './it', { 'it/package.json': { name: 'it', exports: './x.mjs' }, 'it/x.mjs': pluginSource('it') }],
  [
    'a package folder with main',
    './it',
    { 'it/package.json': { name: 'it', type: 'module', main: 'x.js' }, 'it/x.js': pluginSource('it') },
  ],
])('loads %s', async (_, specifier, files) => {
  const { project, loading } = await load(files, specifier);
  expect(await loading).toMatchObject({ name: 'it', apiVersion: 1 });
  await project[Symbol.asyncDispose]();
});

test.each([
  [
    'a package that is not installed',
    'nnm-missing/sub',
    {},
    { code: 'ERR_PLUGIN_NOT_FOUND', message: /"nnm-missing\/sub" .*nnm\.config\.json/, hint: /npm i nnm-missing`/ },
  ],
  [
    'a path that leads nowhere',
    './missing.js',
    {},
    { code: 'ERR_PLUGIN_NOT_FOUND', message: /no such file or folder/, hint: /Correct the path/ },
  ],
  [
    'a folder that is no package',
    './empty',
    { 'empty/readme.txt': '' },
    { code: 'ERR_PLUGIN_NOT_FOUND', message: /no such file or folder/ },
  ],
  [
    'a module that throws',
    './x.mjs',
    { 'x.mjs': 'throw new Error("boom")' },
    { code: 'ERR_PLUGIN_IMPORT', message: /Error: boom/, hint: /x\.mjs/ },
  ],
  [
    'a module whose own import is missing',
    './x.mjs',
    { 'x.mjs': "import 'nowhere-to-be-found';" },
    { code: 'ERR_PLUGIN_IMPORT', message: /nowhere-to-be-found/ },
  ],
  [
    'a module with a syntax error',
    'it',
    { 'node_modules/it/package.json': { name: 'it', exports: './x.mjs' }, 'node_modules/it/x.mjs': 'export default {' },
    { code: 'ERR_PLUGIN_IMPORT', message: /SyntaxError/ },
  ],
  [
    'no default export',
    './x.mjs',
    { 'x.mjs': 'export const kernels = [];' },
    { code: 'ERR_INVALID_PLUGIN', message: /"\.\/x\.mjs" \(.*nnm\.config\.json\).*default export is missing/ },
  ],
  [
    'a foreign API version',
    './x.mjs',
    { 'x.mjs': pluginSource('from-future', [], 99) },
    { code: 'ERR_PLUGIN_API_VERSION', message: /from-future is made for plugin API 99/ },
  ],
])('refuses %s', async (_, specifier, files, expected) => {
  const { project, loading } = await load(files, specifier);
  const error = await loading.then(
    () => undefined,
    (reason: { code: string; message: string; hint: string }) => reason,
  );
  expect(error?.code).toBe(expected.code);
  expect(error?.message).toMatch(expected.message);
  if ('hint' in expected) expect(error?.hint).toMatch(expected.hint as RegExp);
  await project[Symbol.asyncDispose]();
});
