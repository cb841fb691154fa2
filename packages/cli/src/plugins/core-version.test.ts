import { pathToFileURL } from 'node:url';
import { CORE_VERSION } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { makeTempProject, pluginPackage, pluginSource } from '../../test/temp-project.ts';
import { assertSuitableCore } from './core-version.ts';
import { findPlugins } from './discover.ts';

const core = (version: string) => ({ name: '@nnm/core', version, type: 'module', exports: { './package.json': './package.json' } });

describe('two copies of core in one tree', () => {
  it('are refused when their versions differ, naming both', async () => {
    await using project = await makeTempProject({
      'package.json': { dependencies: { 'nnm-old': '1.0.0' } },
      ...pluginPackage('nnm-old', ['old-kernel']),
      'node_modules/nnm-old/node_modules/@nnm/core/package.json': core('0.0.9'),
    });
    const { failures } = await findPlugins({ cwd: project.folder });
    expect(failures.map(({ error }) => error)).toEqual([
      expect.objectContaining({
        code: 'ERR_CORE_VERSION',
        message: expect.stringMatching(/The plugin "nnm-old" uses @nnm\/core 0\.0\.9 \(.*nnm-old.*\); nnm itself runs on @nnm\/core \d/),
        hint: expect.stringContaining('peerDependencies'),
      }),
    ]);
  });

  it.each([
    ['its copy of core is of one version with ours', { 'node_modules/@nnm/core/package.json': core(CORE_VERSION) }],
    ['its copy of core is a later patch', { 'node_modules/@nnm/core/package.json': core(CORE_VERSION.replace(/\d+$/, '99')) }],
    ['it has none', {}],
    [
      'it names our core among its peers, whatever copy it finds',
      { 'package.json': { name: 'p', peerDependencies: { '@nnm/core': '*' } }, 'node_modules/@nnm/core/package.json': core('7.0.0') },
    ],
    ['its range is none that npm could read', { 'package.json': { name: 'p', peerDependencies: { '@nnm/core': 'workspace:*' } } }],
  ])('are fine when %s', async (_, files) => {
    await using project = await makeTempProject({ ...files, 'dist/index.js': pluginSource('nnm-it') });
    await expect(assertSuitableCore('it', pathToFileURL(project.path('dist', 'index.js')).href)).resolves.toBeUndefined();
  });

  it.each(['>=99', '^0.0.3', '>=0.0.1 <0.0.9'])('are refused when the peer range %s leaves ours out', async (range) => {
    await using project = await makeTempProject({
      'package.json': { name: 'p', peerDependencies: { '@nnm/core': range } },
      'dist/package.json': { type: 'module' },
      'dist/index.js': pluginSource('nnm-it'),
    });
    await expect(assertSuitableCore('it', pathToFileURL(project.path('dist', 'index.js')).href)).rejects.toMatchObject({
      code: 'ERR_CORE_VERSION',
      message: `The plugin "it" uses @nnm/core ${range} (its peer range); nnm itself runs on @nnm/core ${CORE_VERSION}.`,
    });
  });
});
